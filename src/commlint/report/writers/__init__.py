"""One format of findings a module; being here is being registered."""
