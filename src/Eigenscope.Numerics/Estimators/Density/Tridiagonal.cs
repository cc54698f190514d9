using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Estimators.Density;

/// <summary>The tridiagonal matrix of one Lanczos process, row by row.</summary>
internal sealed class Tridiagonal(int capacity)
{
    private readonly double[] _diagonal = new double[capacity];
    private readonly double[] _coupling = new double[capacity];

    public int Count { get; private set; }

    /// <summary>Appends α_j and the coupling β_j to the next row.</summary>
    public void Add(double diagonal, double coupling)
    {
        _diagonal[Count] = diagonal;
        _coupling[Count++] = coupling;
    }

    /// <summary>The Gauss quadrature of the leading rows.</summary>
    /// <param name="rows">How many rows at most.</param>
    /// <param name="scale">Factor of the nodes.</param>
    /// <param name="blas">Dense kernels.</param>
    public GaussQuadrature Quadrature(int rows, double scale, BlasBackend blas)
    {
        int m = Math.Min(rows, Count);
        Tensor<double> matrix = new(m, m);
        for (int i = 0; i < m; i++)
        {
            matrix[i, i] = _diagonal[i];
            if (i + 1 < m)
                matrix[i + 1, i] = matrix[i, i + 1] = _coupling[i];
        }
        double[] nodes = new double[m];
        blas.SymmetricEigen(matrix.AsMatrix(), nodes);
        double[] weights = new double[m];
        for (int i = 0; i < m; i++)
        {
            nodes[i] *= scale;
            weights[i] = matrix[i, 0] * matrix[i, 0];
        }
        return new GaussQuadrature(nodes, weights);
    }
}
