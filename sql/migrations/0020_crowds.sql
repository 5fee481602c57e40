-- Crowds of copies: what is told of them, said anew.

COMMENT ON TABLE news.copy_pair IS
    'Pairs of articles whose texts are alike: the edges copies are drawn from, so one can see why. Of a group of more than fifty not every two are told: those with the origin are, those with the first of each that is not like it, and what ties these; the same whatever the order of arrival';
COMMENT ON COLUMN news.copy_pair.rule IS
    'What accepted it: the same words, resemblance, containment as sketches tell it, or coverage: the share of the shorter''s words that stand in the other, where it was read whole';
