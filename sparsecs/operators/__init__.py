"""What measures: A x, Aᴴ y and A[:, S] for arrays, sparse matrices, foreign operators and Jacobians alike."""
