"""The page on scaled dot-product attention: what happens to the softmax, and to the gradient, without √d_k."""
