using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Layer normalisation over the last axis (Ba, Kiros and Hinton, 1607.06450): y = γ ⊙ x̂ + β with x̂ = (x − mean x) / √(var x + ε), var with divisor d. For an image the d entries of a group are the
/// channels of one position, for flat features the whole row.
/// </summary>
/// <remarks>
/// With s = 1/√(var + ε), the derivative of x̂ along v is P v = s (v − mean v − x̂ mean(x̂ ⊙ v)), a symmetric matrix. So the tangent is γ ⊙ P ẋ + γ̇ ⊙ x̂ + β̇, the pullback of δ is P (γ ⊙ δ), and its derivative
/// along (ẋ, γ̇) at fixed δ is P (γ̇ ⊙ δ) − s [mean(x̂ ⊙ ẋ) P g + x̂˙ mean(x̂ ⊙ g) + x̂ mean(x̂˙ ⊙ g)] with g = γ ⊙ δ and x̂˙ = P ẋ: the change of s, and of the two x̂ in P.
/// </remarks>
public sealed class LayerNormLayer : Layer
{
    /// <summary>The usual ε, PyTorch's default.</summary>
    internal const double StandardEpsilon = 1e-5;

    private readonly ParameterBlock[] _parameters;
    private readonly int _firstBlockIndex;

    internal LayerNormLayer(string name, int size, ParameterBlock scale, ParameterBlock? shift, int firstBlockIndex, double epsilon = StandardEpsilon)
        : base(name, size, size)
    {
        if ((shift is not null && scale.Length != shift.Length) || size % scale.Length != 0)
            throw new ArgumentException($"a row of {size} entries is not made of whole groups of {scale.Length}, the length of the scale, or the shift has other than that ({shift?.Length})", nameof(scale));
        if (!(epsilon > 0.0) || !double.IsFinite(epsilon))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "expected a positive number: without it a constant row divides by zero");
        Scale = scale;
        Shift = shift;
        Epsilon = epsilon;
        _parameters = shift is null ? [scale] : [scale, shift];
        _firstBlockIndex = firstBlockIndex;
    }

    /// <summary>γ, d entries; 1 before training.</summary>
    public ParameterBlock Scale { get; }

    /// <summary>β, d entries; 0 before training; null for none.</summary>
    public ParameterBlock? Shift { get; }

    /// <summary>ε, added to the variance.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => _parameters;

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => false;

    internal override bool ValueInPlace => false;

    internal override bool TangentInPlace => false;

    // x̂, then s of every group, then γ once a slice: curvature needs it and is not handed the parameters.
    internal override int StashSize => OutputSize + Groups + Width;

    private int Width => Scale.Length;

    private int Groups => OutputSize / Width;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
    {
        ReadOnlySpan<T> scale = parameters.Slice(Scale.Offset, Width);
        ReadOnlySpan<T> shift = Shift is null ? [] : parameters.Slice(Shift.Offset, Width);
        Kept<T> kept = keep ? new Kept<T>(stash, this) : default;
        if (keep)
            scale.CopyTo(kept.Scale);
        for (int group = 0; group < x.Rows * Groups; group++)
        {
            Span<T> output = Group(y.Data, group);
            T inverse = T.CreateTruncating(Normalize(Group(x.Data, group), output));
            if (keep)
            {
                output.CopyTo(Group(kept.Normalized, group));
                kept.InverseDeviation[group] = inverse;
            }
            TensorPrimitives.Multiply(output, scale, output);
            if (!shift.IsEmpty)
                TensorPrimitives.Add(output, shift, output);
        }
    }

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        Kept<T> kept = new(slice.Stash, this);
        bool scales = direction.IsActive(_firstBlockIndex);
        bool shifts = Shift is not null && direction.IsActive(_firstBlockIndex + 1);
        if (dx.Rows == 0)
            dy.Clear();
        for (int group = 0; group < dy.Rows * Groups; group++)
        {
            Span<T> output = Group(dy.Data, group);
            ReadOnlySpan<T> normalized = Group(kept.Normalized, group);
            if (dx.Rows > 0)
            {
                Project(normalized, kept.InverseDeviation[group], Group(dx.Data, group), output);
                TensorPrimitives.Multiply(output, kept.Scale, output);
            }
            if (scales)
                TensorPrimitives.MultiplyAdd(normalized, direction.Block(Scale), output, output);
            if (shifts)
                TensorPrimitives.Add(output, direction.Block(Shift!), output);
        }
    }

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        Kept<T> kept = new(slice.Stash, this);
        if (wanted.IsActive(_firstBlockIndex))
            AddSumOfProducts(kept.Normalized, outputCotangent.Data, wanted.Block(Scale));
        if (Shift is not null && wanted.IsActive(_firstBlockIndex + 1))
            AddSumOfGroups(outputCotangent.Data, wanted.Block(Shift));
        for (int group = 0; group < inputCotangent.Rows * Groups; group++)
        {
            Span<T> input = Group(inputCotangent.Data, group);
            TensorPrimitives.Multiply(Group(outputCotangent.Data, group), kept.Scale, input);
            Project(Group(kept.Normalized, group), kept.InverseDeviation[group], input, input);
        }
    }

    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        Kept<T> kept = new(slice.Stash, this);
        ReadOnlySpan<T> cotangent = slice.OutputCotangent.Data;
        if (dx.Rows > 0 && wanted.IsActive(_firstBlockIndex))
            AddScaleCurvature(kept, cotangent, dx.Data, wanted.Block(Scale));
        if (inputCotangent.Rows == 0)
            return;
        if (dx.Rows > 0)
            AddInputCurvature(kept, cotangent, dx.Data, inputCotangent.Data);
        if (direction.IsActive(_firstBlockIndex))
            AddPulledScale(kept, cotangent, direction.Block(Scale), inputCotangent.Data);
    }

    // The gradient of γ is Σ x̂ ⊙ δ: it gains Σ x̂˙ ⊙ δ.
    private void AddScaleCurvature<T>(Kept<T> kept, ReadOnlySpan<T> cotangent, ReadOnlySpan<T> dx, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rented = ArrayPool<T>.Shared.Rent(Width);
        double[] rentedSums = ArrayPool<double>.Shared.Rent(Width);
        Span<T> products = rented.AsSpan(0, Width);
        Span<double> sums = rentedSums.AsSpan(0, Width);
        sums.Clear();
        for (int group = 0; group < cotangent.Length / Width; group++)
        {
            Project(Group(kept.Normalized, group), kept.InverseDeviation[group], Group(dx, group), products);
            TensorPrimitives.Multiply(products, Group(cotangent, group), products);
            DoubleSums.Add(products, sums);
        }
        AddTo(sums, gradient);
        ArrayPool<T>.Shared.Return(rented);
        ArrayPool<double>.Shared.Return(rentedSums);
    }

    private void AddInputCurvature<T>(Kept<T> kept, ReadOnlySpan<T> cotangent, ReadOnlySpan<T> dx, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rented = ArrayPool<T>.Shared.Rent(2 * Width);
        Span<T> normalizedTangent = rented.AsSpan(0, Width);
        Span<T> scaled = rented.AsSpan(Width, Width);
        for (int group = 0; group < cotangent.Length / Width; group++)
        {
            ReadOnlySpan<T> normalized = Group(kept.Normalized, group);
            T inverse = kept.InverseDeviation[group];
            Project(normalized, inverse, Group(dx, group), normalizedTangent);
            TensorPrimitives.Multiply(Group(cotangent, group), kept.Scale, scaled);
            AddBend(normalized, inverse, Group(dx, group), normalizedTangent, scaled, Group(target, group));
        }
        ArrayPool<T>.Shared.Return(rented);
    }

    // target += P (γ̇ ⊙ δ).
    private void AddPulledScale<T>(Kept<T> kept, ReadOnlySpan<T> cotangent, ReadOnlySpan<T> scaleTangent, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rented = ArrayPool<T>.Shared.Rent(Width);
        Span<T> pulled = rented.AsSpan(0, Width);
        for (int group = 0; group < cotangent.Length / Width; group++)
        {
            TensorPrimitives.Multiply(Group(cotangent, group), scaleTangent, pulled);
            Project(Group(kept.Normalized, group), kept.InverseDeviation[group], pulled, pulled);
            Span<T> input = Group(target, group);
            TensorPrimitives.Add(input, pulled, input);
        }
        ArrayPool<T>.Shared.Return(rented);
    }

    // r ← x̂; returns s. The mean is taken off before squares are summed, so that a large mean costs no digits of the variance.
    private double Normalize<T>(ReadOnlySpan<T> x, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double mean = DoubleSums.Sum(x) / Width;
        double squares = 0.0;
        for (int i = 0; i < x.Length; i++)
        {
            double deviation = double.CreateTruncating(x[i]) - mean;
            squares += deviation * deviation;
        }
        double inverse = 1.0 / Math.Sqrt((squares / Width) + Epsilon);
        for (int i = 0; i < x.Length; i++)
            r[i] = T.CreateTruncating((double.CreateTruncating(x[i]) - mean) * inverse);
        return inverse;
    }

    // r ← P v; r may be v.
    private static void Project<T>(ReadOnlySpan<T> normalized, T inverse, ReadOnlySpan<T> v, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T mean = T.CreateTruncating(DoubleSums.Sum(v) / v.Length);
        T along = T.CreateTruncating(DoubleSums.Dot(normalized, v) / v.Length);
        int i = 0;
        for (; i <= r.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> rest = new Vector<T>(v[i..]) - new Vector<T>(mean) - (new Vector<T>(normalized[i..]) * along);
            (rest * inverse).CopyTo(r[i..]);
        }
        for (; i < r.Length; i++)
            r[i] = (v[i] - mean - (normalized[i] * along)) * inverse;
    }

    // target += Ṗ g along ẋ; see the remarks of the class. g is overwritten.
    private static void AddBend<T>(ReadOnlySpan<T> normalized, T inverse, ReadOnlySpan<T> dx, ReadOnlySpan<T> normalizedTangent, Span<T> g, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double s = double.CreateTruncating(inverse);
        int width = g.Length;
        T ofProjection = T.CreateTruncating(-s * DoubleSums.Dot(normalized, dx) / width);
        T ofTangent = T.CreateTruncating(-s * DoubleSums.Dot(normalized, g) / width);
        T ofNormalized = T.CreateTruncating(-s * DoubleSums.Dot(normalizedTangent, g) / width);
        Project(normalized, inverse, g, g);
        TensorPrimitives.MultiplyAdd(g, ofProjection, target, target);
        TensorPrimitives.MultiplyAdd(normalizedTangent, ofTangent, target, target);
        TensorPrimitives.MultiplyAdd(normalized, ofNormalized, target, target);
    }

    private void AddSumOfProducts<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] rented = ArrayPool<T>.Shared.Rent(Width);
        double[] rentedSums = ArrayPool<double>.Shared.Rent(Width);
        Span<T> products = rented.AsSpan(0, Width);
        Span<double> sums = rentedSums.AsSpan(0, Width);
        sums.Clear();
        for (int group = 0; group < b.Length / Width; group++)
        {
            TensorPrimitives.Multiply(Group(a, group), Group(b, group), products);
            DoubleSums.Add(products, sums);
        }
        AddTo(sums, gradient);
        ArrayPool<T>.Shared.Return(rented);
        ArrayPool<double>.Shared.Return(rentedSums);
    }

    private void AddSumOfGroups<T>(ReadOnlySpan<T> values, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] rented = ArrayPool<double>.Shared.Rent(Width);
        Span<double> sums = rented.AsSpan(0, Width);
        sums.Clear();
        for (int group = 0; group < values.Length / Width; group++)
            DoubleSums.Add(Group(values, group), sums);
        AddTo(sums, gradient);
        ArrayPool<double>.Shared.Return(rented);
    }

    private static void AddTo<T>(ReadOnlySpan<double> sums, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < sums.Length; i++)
            gradient[i] += T.CreateTruncating(sums[i]);
    }

    private ReadOnlySpan<T> Group<T>(ReadOnlySpan<T> rows, int group) => rows.Slice(group * Width, Width);

    private Span<T> Group<T>(Span<T> rows, int group) => rows.Slice(group * Width, Width);

    /// <summary>The three planes of the stash.</summary>
    private readonly ref struct Kept<T>
        where T : unmanaged
    {
        public Kept(Span<T> stash, LayerNormLayer layer)
        {
            int rows = stash.Length / layer.StashSize;
            Normalized = stash[..(rows * layer.OutputSize)];
            InverseDeviation = stash.Slice(rows * layer.OutputSize, rows * layer.Groups);
            Scale = stash.Slice(rows * (layer.OutputSize + layer.Groups), rows > 0 ? layer.Width : 0);
        }

        public Span<T> Normalized { get; }

        public Span<T> InverseDeviation { get; }

        public Span<T> Scale { get; }
    }
}
