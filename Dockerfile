FROM python:3.11-slim AS build

# PyTorch's own index of CPU builds; the one on PyPI brings several gigabytes of CUDA.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PACKAGES=/venv/lib/python3.11/site-packages

WORKDIR /build
COPY constraints.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-deps --index-url "$TORCH_INDEX" "$(grep '^torch==' constraints.txt)"
COPY pyproject.toml README.md LICENSE ./
COPY index ./index
COPY service ./service
COPY eval ./eval
RUN /venv/bin/pip install --no-cache-dir --constraint constraints.txt '.[mcp]' \
    && /venv/bin/pip uninstall --yes pip \
    && rm -rf "$PACKAGES/torch/include" "$PACKAGES/torch/test" \
    && find "$PACKAGES/torch/bin" -mindepth 1 ! -name torch_shm_manager -delete \
    && find "$PACKAGES" -type d -name tests -prune -exec rm -rf {} +

COPY seeds /app/seeds
WORKDIR /app
ENV HF_HUB_OFFLINE=1
RUN /venv/bin/wherefrom index --data /data seeds && /venv/bin/wherefrom verify --data /data


FROM python:3.11-slim

RUN useradd --uid 10001 --no-create-home --home-dir /tmp wherefrom
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /data /data
WORKDIR /app
ENV PATH="/venv/bin:$PATH" \
    HF_HUB_OFFLINE=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WHEREFROM_DATA=/data \
    WHEREFROM_HOST=0.0.0.0 \
    WHEREFROM_PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; \
web.urlopen('http://127.0.0.1:' + os.environ['WHEREFROM_PORT'] + '/readyz', timeout=8)"]
ENTRYPOINT ["wherefrom"]
CMD ["serve"]
