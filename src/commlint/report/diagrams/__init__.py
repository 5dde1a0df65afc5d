"""One diagram format a module; being here is being registered."""
