import sys

from quizapp import create_app
from quizapp.config import SettingsError
from quizapp.content import ContentError

try:
    app = create_app()
except (SettingsError, ContentError) as error:
    print(error, file=sys.stderr)
    # By this number gunicorn knows that another try would not help, where it loads us in each process anew.
    sys.exit(3)
