using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Features;

/// <summary>
/// What a metric on inputs e_a ⊕ e_b in R^2p says of pairs of a first and a second residue: the off-diagonal p × p block, entry (i, j) at row p + b and column a. Of × and ÷ rows and columns 0 are left out and the others stand in
/// the order of their discrete logarithms to the smallest generator, in which multiplication is addition modulo p − 1 (arXiv 2407.20199). There a machine that has learned + or × has a block that is constant along j − i,
/// and one that has learned − or ÷ along i + j.
/// </summary>
public static class ModularBlock
{
    /// <summary>The lines along which the block of an operation becomes constant.</summary>
    /// <param name="operation">The operation.</param>
    public static WrappedDiagonals Diagonals(ModularOperation operation) => operation is ModularOperation.Add or ModularOperation.Multiply ? WrappedDiagonals.Difference : WrappedDiagonals.Sum;

    /// <summary>The residues that rows and columns of the block stand for, in their order: 0 … p − 1, or 1, g, g², ….</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="modulus">p ≥ 2; for × and ÷ a prime.</param>
    /// <returns>p or p − 1 residues.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is below 2, or not prime where it has to be.</exception>
    public static int[] Residues(ModularOperation operation, int modulus)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modulus, 2);
        return operation is ModularOperation.Multiply or ModularOperation.Divide ? ModularGroup.Powers(modulus) : [.. Enumerable.Range(0, modulus)];
    }

    /// <summary>Takes the block out of a metric.</summary>
    /// <param name="metric">2p × 2p.</param>
    /// <param name="operation">The operation.</param>
    /// <returns>The block, q × q with q = p, or p − 1 for × and ÷.</returns>
    /// <exception cref="ArgumentException">The metric is not square or its size is odd, or p is not prime where it has to be.</exception>
    public static Tensor<double> Of(ReadOnlyMatrixSpan<double> metric, ModularOperation operation)
    {
        int modulus = metric.Rows / 2;
        MatrixGuard.NotEmpty(metric, nameof(metric));
        MatrixGuard.Shape(metric, 2 * modulus, 2 * modulus, nameof(metric));
        int[] residues = Residues(operation, modulus);
        Tensor<double> block = new(residues.Length, residues.Length);
        for (int i = 0; i < residues.Length; i++)
        {
            for (int j = 0; j < residues.Length; j++)
                block[i, j] = metric[modulus + residues[i], residues[j]];
        }
        return block;
    }
}
