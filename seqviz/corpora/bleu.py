"""BLEU, by sacrebleu, on words as they are: our own corpora are tokenised, and nothing is split or joined again."""

from collections.abc import Sequence

from seqviz.errors import TraceError

Words = tuple[str, ...]

GRAM = 4  # words in a row, the longest run that BLEU counts
NO_RUNS = f"BLEU counts runs of up to {GRAM} words, and no right translation here has {GRAM}"


def bleu(written: Sequence[Words], wanted: Sequence[Words]) -> float:
    """Return the corpus' BLEU in [0, 100] of sentences as they were ``written``, against the one that was ``wanted`` of each.

    It is NaN where no right translation has a run of four words: a perfect one would count for nothing.

    Raises:
        TraceError: there is no sentence, or not a translation for each.

    Source:
        Papineni et al. (2002), https://aclanthology.org/P02-1040/; Post (2018), https://aclanthology.org/W18-6319/
    """
    if not written or len(written) != len(wanted):
        raise TraceError(f"BLEU needs a right translation for each sentence, got {len(written)} and {len(wanted)}")
    if max(map(len, wanted)) < GRAM:
        return float("nan")
    from sacrebleu.metrics.bleu import BLEU  # here, so that only a call for BLEU pays for its import

    scorer = BLEU(tokenize="none", force=True)  # force: sentences that end in " ." are meant
    return float(scorer.corpus_score([" ".join(each) for each in written], [[" ".join(each) for each in wanted]]).score)
