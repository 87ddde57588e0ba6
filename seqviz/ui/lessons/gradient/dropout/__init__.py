"""The page on dropout: where connections of a recurrent network are dropped, mask by mask."""
