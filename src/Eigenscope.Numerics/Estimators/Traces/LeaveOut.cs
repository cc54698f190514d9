using Eigenscope.Numerics.Tensors;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>
/// The values XTrace averages. With Y = A Ω = Q R, H = Qᵀ A Q, w_i = Qᵀ ω_i and s_i the unit vector along column i of R⁻ᵀ, the span without test vector i is Q (I − s_i s_iᵀ); without i and j it is
/// Q (I − U Uᵀ), U an orthonormal basis of span{s_i, s_j}. With g = (I − U Uᵀ) w_i, v = ω_i − Q g and r columns in U,
/// <code>t = tr H − tr Uᵀ H U + (n − k + r) vᵀ A v / ‖v‖².</code>
/// All inner products are formed once as k × k matrices, so that a value costs a few operations.
/// </summary>
internal sealed class LeaveOut
{
    // sin² of two left-out directions: below it the second is rounding, and the spectrum falls off a cliff at k, so that leaving out one says it all.
    private const double Parallel = 1e-10;

    private readonly int _complement;
    private readonly double _trace;
    private readonly double[] _squares;
    private readonly double[] _forms;
    private readonly Tensor<double> _directions;
    private readonly Tensor<double> _compressed;
    private readonly Tensor<double> _overlaps;
    private readonly Tensor<double> _slopes;
    private readonly Tensor<double> _between;

    /// <summary>Forms the matrices.</summary>
    /// <param name="sketch">Q, A Q and R of the test vectors' products.</param>
    /// <param name="tests">Ω as rows.</param>
    /// <param name="dimension">n.</param>
    public LeaveOut(RangeSketch sketch, ReadOnlyMatrixSpan<double> tests, int dimension)
    {
        int k = tests.Rows;
        _complement = dimension - k;
        Tensor<double> h = sketch.Compressed();
        Tensor<double> w = sketch.Products(tests, sketch.Basis);
        Tensor<double> images = sketch.Products(tests, sketch.Images);
        _trace = RangeSketch.Trace(h);
        _directions = Directions(sketch, k);
        Tensor<double> rightOfW = sketch.Products(w.AsMatrix(), h.AsMatrix());
        Tensor<double> rightOfDirections = sketch.Products(_directions.AsMatrix(), h.AsMatrix());
        _compressed = sketch.Products(_directions.AsMatrix(), rightOfDirections.AsMatrix());
        _overlaps = sketch.Products(_directions.AsMatrix(), w.AsMatrix());
        _between = sketch.Products(_directions.AsMatrix(), _directions.AsMatrix());
        _squares = new double[k];
        _forms = new double[k];
        Tensor<double> gradients = new(k, k);
        for (int i = 0; i < k; i++)
        {
            _squares[i] = Primitives.SumOfSquares(tests.Row(i)) - Primitives.SumOfSquares<double>(w.Row(i));
            double[] column = [.. sketch.Triangle(i), .. new double[k - i - 1]];

            // vᵀ A v at g = w_i, and its slope there: d/dg of −(A Q g)ᵀ ω − gᵀ Qᵀ A ω + gᵀ H g.
            _forms[i] = Primitives.Dot<double>(rightOfW.Row(i), w.Row(i)) - Primitives.Dot<double>(images.Row(i), w.Row(i));
            Span<double> gradient = gradients.Row(i);
            Primitives.Subtract(rightOfW.Row(i), images.Row(i), gradient);
            Primitives.Subtract(gradient, column, gradient);
            for (int j = 0; j < k; j++)
                Primitives.MultiplyAdd(h.Row(j), w[i, j], gradient, gradient);
        }
        _slopes = sketch.Products(_directions.AsMatrix(), gradients.AsMatrix());
    }

    /// <summary>The value of test vector i in the complement of what the others span.</summary>
    public double One(int i)
    {
        double c = _overlaps[i, i];
        double form = _forms[i] - (c * _slopes[i, i]) + (c * c * _compressed[i, i]);
        return _trace - _compressed[i, i] + ((_complement + 1) * form / (_squares[i] + (c * c)));
    }

    /// <summary>The value of test vector i in the complement of what all others but j span.</summary>
    public double Two(int i, int j)
    {
        double cosine = _between[i, j];
        double square = 1.0 - (cosine * cosine);
        if (square <= Parallel)
            return One(i);
        double sine = Math.Sqrt(square);
        double c1 = _overlaps[i, i];
        double c2 = (_overlaps[j, i] - (cosine * c1)) / sine;
        double d1 = _slopes[i, i];
        double d2 = (_slopes[j, i] - (cosine * d1)) / sine;
        double h11 = _compressed[i, i];
        double cross = _compressed[i, j] + _compressed[j, i];
        double h12 = (cross - (2.0 * cosine * h11)) / sine;
        double h22 = (_compressed[j, j] - (cosine * cross) + (cosine * cosine * h11)) / square;
        double form = _forms[i] - (c1 * d1) - (c2 * d2) + (c1 * c1 * h11) + (c1 * c2 * h12) + (c2 * c2 * h22);
        return _trace - h11 - h22 + ((_complement + 2) * form / (_squares[i] + (c1 * c1) + (c2 * c2)));
    }

    // Column i of R⁻ᵀ by forward substitution, normalised.
    private static Tensor<double> Directions(RangeSketch sketch, int count)
    {
        Tensor<double> directions = new(count, count);
        for (int i = 0; i < count; i++)
        {
            Span<double> direction = directions.Row(i);
            direction[i] = 1.0;
            for (int j = i + 1; j < count; j++)
            {
                ReadOnlySpan<double> column = sketch.Triangle(j);
                direction[j] = -Primitives.Dot(column[i..j], direction[i..j]) / column[j];
            }
            Primitives.Divide(direction, Primitives.Norm<double>(direction), direction);
        }
        return directions;
    }
}
