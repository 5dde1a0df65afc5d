# commlint as an image: docker run --rm -v "$PWD:/code" commlint check /code
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY src src
COPY rules rules
RUN python -m venv /opt/commlint && /opt/commlint/bin/pip install --no-cache-dir .

FROM python:3.12-slim
# git tells what has changed (--since, --changed-only); a mounted checkout belongs to somebody else.
RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*'
COPY --from=build /opt/commlint /opt/commlint
ENV PATH=/opt/commlint/bin:$PATH
RUN useradd --create-home commlint
USER commlint
WORKDIR /code
ENTRYPOINT ["commlint"]
CMD ["check", "."]
