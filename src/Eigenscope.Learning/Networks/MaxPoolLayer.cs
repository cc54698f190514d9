using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Maximum over windows of an image, channel by channel. Padding never wins; of equal entries the first of the window does, row by row, and takes the whole derivative, as in PyTorch.
/// NaN wins. Piecewise linear: tangents are read from the winners, cotangents added to them.
/// </summary>
public sealed class MaxPoolLayer : Layer
{
    private readonly PoolWindows _windows;

    internal MaxPoolLayer(string name, PoolShape shape)
        : this(name, new PoolWindows(shape, emptyIsAllowed: false))
    {
    }

    internal MaxPoolLayer(string name, ImageShape input, int kernel, int stride, int padding)
        : this(name, PoolShape.Square(input, kernel, stride, padding))
    {
    }

    private MaxPoolLayer(string name, PoolWindows windows)
        : base(name, windows.Input.Size, windows.Output.Size) => _windows = windows;

    /// <summary>The extents of the pooling.</summary>
    public PoolShape Shape => _windows.Shape;

    /// <summary>Extents of the input.</summary>
    public ImageShape Input => _windows.Input;

    /// <summary>Extents of the output.</summary>
    public ImageShape Output => _windows.Output;

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    internal override bool ValueInPlace => false;

    internal override bool TangentInPlace => false;

    // The winner of each output as its number within the window: at most the kernel's area, so exact in both precisions, and channels can be compared with it as vectors.
    internal override int StashSize => OutputSize;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
    {
        int channels = Input.Channels;
        for (int sample = 0; sample < x.Rows; sample++)
        {
            Span<T> image = y.Row(sample);
            for (int output = 0; output < Output.Positions; output++)
            {
                Span<T> best = PoolWindows.Channels(image, output, channels);
                Span<T> winner = keep ? stash.Slice((sample * OutputSize) + (output * channels), channels) : [];
                Compare(x.Row(sample), _windows.Positions(output), best, winner);
            }
        }
    }

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        dy.Clear();
        int channels = Input.Channels;
        for (int sample = 0; sample < dx.Rows; sample++)
        {
            ReadOnlySpan<T> winners = slice.Stash.Slice(sample * OutputSize, OutputSize);
            for (int output = 0; output < Output.Positions; output++)
            {
                ReadOnlySpan<int> positions = _windows.Positions(output);
                for (int number = 0; number < positions.Length; number++)
                    AddWhere(PoolWindows.Channels(winners, output, channels), number, PoolWindows.Channels(dx.Row(sample), positions[number], channels), PoolWindows.Channels(dy.Row(sample), output, channels));
            }
        }
    }

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        inputCotangent.Clear();
        int channels = Input.Channels;
        for (int sample = 0; sample < inputCotangent.Rows; sample++)
        {
            ReadOnlySpan<T> winners = slice.Stash.Slice(sample * OutputSize, OutputSize);
            for (int output = 0; output < Output.Positions; output++)
            {
                ReadOnlySpan<int> positions = _windows.Positions(output);
                for (int number = 0; number < positions.Length; number++)
                    AddWhere(PoolWindows.Channels(winners, output, channels), number, PoolWindows.Channels(outputCotangent.Row(sample), output, channels), PoolWindows.Channels(inputCotangent.Row(sample), positions[number], channels));
            }
        }
    }

    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        // Which entry wins does not change to first order.
    }

    private void Compare<T>(ReadOnlySpan<T> image, ReadOnlySpan<int> positions, Span<T> best, Span<T> winner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        PoolWindows.Channels(image, positions[0], best.Length).CopyTo(best);
        winner.Clear();
        for (int number = 1; number < positions.Length; number++)
        {
            ReadOnlySpan<T> candidate = PoolWindows.Channels(image, positions[number], best.Length);
            if (winner.IsEmpty)
                System.Numerics.Tensors.TensorPrimitives.Max(best, candidate, best);
            else
                Take(candidate, T.CreateTruncating(number), best, winner);
        }
    }

    // "Not less or equal" rather than "greater": a NaN then replaces what was there, and nothing replaces it.
    private static void Take<T>(ReadOnlySpan<T> candidate, T number, Span<T> best, Span<T> winner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        Vector<T> numbers = new(number);
        for (; i <= best.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> old = new(best[i..]);
            Vector<T> entry = new(candidate[i..]);
            Vector<T> stays = Vector.LessThanOrEqual(entry, old) | ~Vector.Equals(old, old);
            Vector.ConditionalSelect(stays, old, entry).CopyTo(best[i..]);
            Vector.ConditionalSelect(stays, new Vector<T>(winner[i..]), numbers).CopyTo(winner[i..]);
        }
        for (; i < best.Length; i++)
        {
            if (candidate[i] <= best[i] || T.IsNaN(best[i]))
                continue;
            best[i] = candidate[i];
            winner[i] = number;
        }
    }

    // r += v where the winner has that number.
    private static void AddWhere<T>(ReadOnlySpan<T> winner, int number, ReadOnlySpan<T> v, Span<T> r)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        T wanted = T.CreateTruncating(number);
        Vector<T> numbers = new(wanted);
        for (; i <= r.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> term = Vector.ConditionalSelect(Vector.Equals(new Vector<T>(winner[i..]), numbers), new Vector<T>(v[i..]), Vector<T>.Zero);
            (new Vector<T>(r[i..]) + term).CopyTo(r[i..]);
        }
        for (; i < r.Length; i++)
        {
            if (winner[i] == wanted)
                r[i] += v[i];
        }
    }
}
