#!/usr/bin/env python
"""Run a Django management command; `./run manage` calls this with the servers up and the environment set."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
