"""What a person takes home: a run's metrics as CSV, and its experiment as a script without seqviz. No torch here."""

from seqviz.export.script import training_script as training_script
from seqviz.export.table import metrics_csv as metrics_csv
