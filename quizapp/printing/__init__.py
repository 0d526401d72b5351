"""From an agreement to a PDF. HTML is the seam: words are made in the web process, print in another."""


class PrinterBusy(Exception):
    """The queue is full, or the deadline is over. Asking again later helps."""


class PrintError(Exception):
    """The document could not be printed."""
