#!/usr/bin/env python
"""The one door to every command of the service."""

import errno
import os
import sys

_NOT_WRITTEN = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
_SQLITE = ("disk is full", "readonly database", "unable to open database file")


def in_one_sentence(error: Exception) -> str:
    """What to do about a disk that takes nothing; empty for anything else, which is a fault of ours."""
    if isinstance(error, OSError) and error.errno in _NOT_WRITTEN:
        what = f"{error.filename or 'The disk'}: {error.strerror}."
    elif any(words in str(error) for words in _SQLITE):
        what = f"{error}."
    else:
        return ""
    where = os.environ.get("DATA") or ".data"
    return f"{what} Make room in {where}, or name another folder: make run DATA=/path/to/folder"


def main() -> None:
    """Hand the command line to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "counsel.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line  # settings first
    from django.db.utils import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"{error}")  # a sentence that says what to do; where it was raised helps nobody
    except (OSError, OperationalError) as error:
        if not (said := in_one_sentence(error)):
            raise
        sys.exit(said)


if __name__ == "__main__":
    main()
