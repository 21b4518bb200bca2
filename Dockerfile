# Two stages: wheels are unpacked in the first; the second has neither compiler, pip nor root.
FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt && /venv/bin/pip uninstall --yes pip

FROM python:3.12-slim
# What WeasyPrint draws the referral form with.
RUN apt-get update && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app dalil && mkdir -p /app/var && chown dalil /app/var
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 && rm -rf /var/lib/apt/lists/*
COPY --from=build /venv /venv
COPY --chown=root:root . .
ENV PATH=/venv/bin:$PATH DJANGO_SETTINGS_MODULE=portal.settings PYTHONUNBUFFERED=1 DEBUG=no STATIC_ROOT=/app/collected
# The texts and the static files belong to the image; this needs no secret of the site.
RUN DEBUG= SECRET_KEY=only-while-building python manage.py compile_texts \
 && DEBUG= SECRET_KEY=only-while-building python manage.py collectstatic --noinput --verbosity 0
USER dalil
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["sh", "-c", "python manage.py migrate --verbosity 0 && python manage.py load_starter && exec gunicorn --config gunicorn.conf.py"]
