"""Words of Polish and English: where they stand in a text, how they fold, which forms a lemma has."""
