# One image for the web server, the worker and the clock; compose.yaml says which is which.
FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/opt/venv/bin:$PATH DJANGO_SETTINGS_MODULE=config.settings DATA_DIR=/data
RUN useradd --system --uid 10001 --home-dir /srv/dossiers dossiers && install -d -o dossiers /data
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/venv && pip install --quiet --no-cache-dir --require-hashes --no-deps -r /tmp/requirements.txt
WORKDIR /srv/dossiers
COPY manage.py ./
COPY config config
COPY dossiers dossiers
COPY templates templates
USER dossiers
VOLUME /data
EXPOSE 8137
CMD ["granian", "--interface", "wsgi", "config.wsgi:application", "--host", "0.0.0.0", "--port", "8137", "--workers", "2", "--http", "1", "--no-ws", "--blocking-threads", "4"]
