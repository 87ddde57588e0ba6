"""The files of a published Transformer in Hugging Face format, by their names: what it is opened from, and what it is not."""

import re

CONFIG = "config.json"  # what every published model's folder has
MOST_CONFIG_BYTES = 1_000_000
WEIGHTS, INDEX = "model.safetensors", "model.safetensors.index.json"
PART = re.compile(r"model-[0-9]{5}-of-[0-9]{5}\.safetensors")  # of weights in several files
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".h5", ".msgpack")  # endings of weights that could run code

TOKENIZER, TOKENIZER_CONFIG, SPECIAL = "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"
PIECES = ((TOKENIZER,), ("vocab.txt",))  # any one of these sets of files makes a tokenizer of pieces of words
BYTES = ((TOKENIZER,), ("vocab.json", "merges.txt"))  # … of bytes
SENTENCEPIECES = (("source.spm", "target.spm", "vocab.json"),)  # … of pieces of two languages

KNOWN = tuple(
    dict.fromkeys(
        (
            CONFIG, WEIGHTS, *(name for one in (*PIECES, *BYTES, *SENTENCEPIECES) for name in one),
            TOKENIZER_CONFIG, SPECIAL, "target_vocab.json", "added_tokens.json", "generation_config.json", INDEX,
        )
    )
)  # fmt: skip

# What else a model's folder ordinarily holds, by the patterns of fnmatch: nothing of it is opened, so nothing of it is kept.
ORDINARY = (
    ".git*", "readme*", "license*", "licence*", "notice*", "*.md", "*.rst", "*.png", "*.jpg", "*.jpeg", "*.gif", "*.svg",
    "*.pdf", "*.yaml", "*.yml", "*.csv", "*.tsv", "*.py", "*.onnx", "*.ot", "*.tflite", "*.gguf", "*.msgpack", "*.h5", "*.bin",
    "*.pt", "*.pth", "*.ckpt", "*.bin.index.json", "*.h5.index.json", "*.msgpack.index.json", "modules.json", "sentence_*.json",
    "config_sentence_*.json", "data_config.json", "eval_results*", "train_results*", "trainer_state.json", "chat_template*",
    "preprocessor_config.json", "tokenizer.model", "spiece.model", "*.bpe.model",
)  # fmt: skip
