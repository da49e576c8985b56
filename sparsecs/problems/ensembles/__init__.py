"""Laws of random measurement matrices, one a file. A random network is one of them."""
