"""The connection to Redis that all workers share."""

from functools import cache

import redis
from django.conf import settings


@cache
def connect_redis() -> redis.Redis:
    """Return this process' connection pool to the Redis that workers share."""
    return redis.Redis.from_url(settings.RESEARCH_REDIS_URL, socket_connect_timeout=5, socket_timeout=5)
