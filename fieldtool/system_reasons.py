"""Why the operating system refused a file or a port, in a few words of the person's language."""

from __future__ import annotations

import errno
import os

from fieldtool.texts import N_, _

REASONS = {
    errno.ENOENT: N_("there is no such file"),
    errno.EISDIR: N_("this is a folder"),
    errno.ENOTDIR: N_("this is no folder"),
    errno.EEXIST: N_("there is a file of this name already"),
    errno.EACCES: N_("you are not allowed to"),
    errno.EPERM: N_("you are not allowed to"),
    errno.EROFS: N_("it can only be read, not written"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EIO: N_("the disk reported an error"),
    errno.EADDRINUSE: N_("another program uses it"),
}


def system_reason(error: OSError | UnicodeDecodeError) -> str:
    """Never quotes the file. What is not listed comes in the operating system's own words."""
    if isinstance(error, UnicodeDecodeError):
        return _("this is no text in UTF-8")
    if error.errno in REASONS:
        return _(REASONS[error.errno])
    return os.strerror(error.errno) if error.errno is not None else type(error).__name__
