import sys

from quizapp import create_app
from quizapp.config import SettingsError
from quizapp.content import ContentError

try:
    app = create_app()
except (SettingsError, ContentError) as error:
    sys.exit(str(error))
