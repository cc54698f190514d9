using System.Numerics.Tensors;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Estimators.Density;

/// <summary>
/// Lanczos processes of several probes in lockstep, so that an operator sees blocks, each probe in a Krylov space of its own inside the complement of the known eigenvectors. Every new vector is orthogonalised
/// twice against all before it and against the known ones, at every step: in floating point the deflated eigenvalues would come back otherwise.
/// </summary>
internal sealed class ProbeLanczos
{
    private readonly OperatorProducts _products;
    private readonly KnownSubspace _known;
    private readonly Compute _compute;
    private readonly int _dimension;
    private readonly int _steps;
    private readonly double[][] _bases;
    private readonly double[] _vectors;
    private readonly double[] _images;
    private readonly double[] _coefficients;
    private readonly double _knownNorm;
    private double _norm;

    public ProbeLanczos(OperatorProducts products, KnownSubspace known, int steps, int block, Compute compute)
    {
        (_products, _known, _compute, _steps) = (products, known, compute, steps);
        _dimension = products.Operator.Rows;
        _bases = [.. Enumerable.Range(0, block).Select(_ => new double[steps * _dimension])];
        _vectors = new double[block * _dimension];
        _images = new double[block * _dimension];
        _coefficients = new double[2 * steps];
        foreach (double value in known.Values)
            _knownNorm = Math.Max(_knownNorm, Math.Abs(value));
    }

    /// <summary>Runs fresh probes to the end.</summary>
    /// <param name="count">How many, ≤ the block.</param>
    /// <param name="random">Source of the probes; consumed.</param>
    /// <param name="cancellation">Looked at before every product.</param>
    /// <returns>One tridiagonal matrix a probe, in the scale of the products.</returns>
    public Tridiagonal[] Run(int count, RandomStream random, CancellationToken cancellation)
    {
        Tridiagonal[] results = [.. Enumerable.Range(0, count).Select(_ => new Tridiagonal(_steps))];
        Start(count, random);
        int[] active = [.. Enumerable.Range(0, count)];
        for (int step = 0; step < _steps && active.Length > 0; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            active = Advance(active, step, results);
        }
        return results;
    }

    // A normalised Gaussian is uniform on the sphere of the complement, whatever was projected out: every probe's measure then has exactly the density as its mean.
    private void Start(int count, RandomStream random)
    {
        MatrixSpan<double> probes = new(_vectors, count, _dimension);
        for (int i = 0; i < count; i++)
            random.FillNormal(probes.Row(i));
        _known.RemoveFrom(probes);
        for (int i = 0; i < count; i++)
            Keep(i, 0, probes.Row(i), TensorPrimitives.Norm<double>(probes.Row(i)));
    }

    private int[] Advance(int[] active, int step, Tridiagonal[] results)
    {
        MatrixSpan<double> block = new(_vectors, active.Length, _dimension);
        MatrixSpan<double> images = new(_images, active.Length, _dimension);
        for (int i = 0; i < active.Length; i++)
            Vectors(active[i], step, 1).CopyTo(block.RowRange(i, 1));
        if (!_products.TryApply(block, images))
            throw new LinearAlgebraException("a product with the operator held a NaN or an infinity; check its data and parameters");
        for (int i = 0; i < active.Length; i++)
            _norm = Math.Max(_norm, TensorPrimitives.Norm<double>(images.Row(i)));
        _known.RemoveFrom(images);
        int left = 0;
        for (int i = 0; i < active.Length; i++)
        {
            double diagonal = Orthogonalize(active[i], step, images.RowRange(i, 1));
            double coupling = TensorPrimitives.Norm<double>(images.Row(i));
            results[active[i]].Add(diagonal, coupling);
            if (step + 1 == _steps || coupling <= BlockLanczosFactorization.BreakdownFactor * Math.Max(_norm, _knownNorm / _products.Scale))
                continue;
            Keep(active[i], step + 1, images.Row(i), coupling);
            active[left++] = active[i];
        }
        return active[..left];
    }

    private double Orthogonalize(int probe, int step, MatrixSpan<double> image)
    {
        double diagonal = 0;
        ReadOnlyMatrixSpan<double> basis = Vectors(probe, 0, step + 1);
        MatrixSpan<double> coefficients = new(_coefficients, 1, step + 1);
        for (int pass = 0; pass < 2; pass++)
        {
            _compute.Multiply(1.0, image, MatrixOp.None, basis, MatrixOp.Transpose, 0.0, coefficients);
            _compute.Multiply(-1.0, coefficients, MatrixOp.None, basis, MatrixOp.None, 1.0, image);
            diagonal += coefficients[0, step];
        }
        return diagonal;
    }

    private void Keep(int probe, int step, ReadOnlySpan<double> vector, double norm) =>
        TensorPrimitives.Divide(vector, norm, _bases[probe].AsSpan(step * _dimension, _dimension));

    private ReadOnlyMatrixSpan<double> Vectors(int probe, int start, int count) =>
        new ReadOnlyMatrixSpan<double>(_bases[probe], _steps, _dimension).RowRange(start, count);
}
