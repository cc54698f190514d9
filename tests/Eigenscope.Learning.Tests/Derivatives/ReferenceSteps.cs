using System.Numerics;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Channels, rows and columns of an image, which lies channels-first here: entry (c, i, j) at (c · rows + i) · columns + j.</summary>
internal readonly record struct Extents(int Channels, int Rows, int Columns)
{
    public int Positions => Rows * Columns;

    public int Size => Channels * Positions;

    public int At(int channel, int row, int column) => (((channel * Rows) + row) * Columns) + column;

    public bool Contains(int row, int column) => row >= 0 && row < Rows && column >= 0 && column < Columns;

    /// <summary>Extents after windows of a kernel slid over the padded image.</summary>
    public Extents Slide(int channels, int kernel, int stride, int padding) =>
        new(channels, ((Rows + (2 * padding) - kernel) / stride) + 1, ((Columns + (2 * padding) - kernel) / stride) + 1);
}

/// <summary>
/// One step of the reference network for one sample. It reads earlier results, keeps nothing, and knows the chain rule through itself. Parameters and statistics are read from one vector.
/// </summary>
internal abstract class ReferenceStep(Extents output, params int[] sources)
{
    public Extents Output { get; } = output;

    /// <summary>Numbers of the results that are read; 0 is the input.</summary>
    public int[] Sources { get; } = sources;

    public abstract Complex[] Value(Complex[] state, Complex[][] inputs);

    /// <summary>The loss's derivative in each input, given that in the output; adds that in the parameters to the gradient.</summary>
    public abstract Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient);
}

/// <summary>A sum of products of weights and inputs, one list of (output, weight, input) for value and chain rule: convolutions and dense layers.</summary>
internal abstract class ReferenceProducts(Extents output, int source, int inputSize, int weight, int bias) : ReferenceStep(output, source)
{
    private (int Output, int Weight, int Input)[]? _terms;

    private (int Output, int Weight, int Input)[] AllTerms => _terms ??= [.. Terms()];

    protected int InputSize { get; } = inputSize;

    protected abstract IEnumerable<(int Output, int Weight, int Input)> Terms();

    /// <summary>Number of the bias that an output gets.</summary>
    protected abstract int BiasOf(int output);

    public sealed override Complex[] Value(Complex[] state, Complex[][] inputs)
    {
        Complex[] y = [.. Enumerable.Range(0, Output.Size).Select(o => bias < 0 ? 0 : state[bias + BiasOf(o)])];
        foreach ((int o, int w, int i) in AllTerms)
            y[o] += state[weight + w] * inputs[0][i];
        return y;
    }

    public sealed override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient)
    {
        Complex[] below = new Complex[InputSize];
        foreach ((int o, int w, int i) in AllTerms)
        {
            gradient[weight + w] += delta[o] * inputs[0][i];
            below[i] += delta[o] * state[weight + w];
        }
        for (int o = 0; o < delta.Length && bias >= 0; o++)
            gradient[bias + BiasOf(o)] += delta[o];
        return [below];
    }
}

/// <summary>Convolution; the weight lies as (output channel, row, column, input channel of the group).</summary>
internal sealed class ReferenceConvolution(Extents input, int source, int channels, int kernel, int stride, int padding, int groups, int weight, int bias)
    : ReferenceProducts(input.Slide(channels, kernel, stride, padding), source, input.Size, weight, bias)
{
    protected override int BiasOf(int output) => output / Output.Positions;

    protected override IEnumerable<(int Output, int Weight, int Input)> Terms()
    {
        int inGroup = input.Channels / groups;
        for (int o = 0; o < channels; o++)
        {
            int group = o / (channels / groups);
            for (int c = 0; c < inGroup; c++)
            {
                for (int a = 0; a < kernel; a++)
                {
                    for (int b = 0; b < kernel; b++)
                    {
                        int w = (((((o * kernel) + a) * kernel) + b) * inGroup) + c;
                        for (int i = 0; i < Output.Rows; i++)
                        {
                            for (int j = 0; j < Output.Columns; j++)
                            {
                                int row = (i * stride) + a - padding;
                                int column = (j * stride) + b - padding;
                                if (input.Contains(row, column))
                                    yield return (Output.At(o, i, j), w, input.At((group * inGroup) + c, row, column));
                            }
                        }
                    }
                }
            }
        }
    }
}

internal sealed class ReferenceDense(int inputs, int source, int outputs, int weight, int bias) : ReferenceProducts(new Extents(outputs, 1, 1), source, inputs, weight, bias)
{
    protected override int BiasOf(int output) => output;

    protected override IEnumerable<(int Output, int Weight, int Input)> Terms()
    {
        for (int o = 0; o < Output.Size; o++)
        {
            for (int i = 0; i < InputSize; i++)
                yield return (o, (o * InputSize) + i, i);
        }
    }
}

internal sealed class ReferenceActivation(Extents extents, int source, Activation activation) : ReferenceStep(extents, source)
{
    public override Complex[] Value(Complex[] state, Complex[][] inputs) => [.. inputs[0].Select(z => ReferenceFunctions.Value(activation, z))];

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient) =>
        [[.. inputs[0].Select((z, i) => ReferenceFunctions.Slope(activation, z) * delta[i])]];
}

internal sealed class ReferenceSum(Extents extents, int first, int second) : ReferenceStep(extents, first, second)
{
    public override Complex[] Value(Complex[] state, Complex[][] inputs) => [.. inputs[0].Zip(inputs[1], static (a, b) => a + b)];

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient) => [delta, delta];
}

/// <summary>Features in the order row, column, channel.</summary>
internal sealed class ReferenceFlatten(Extents input, int source) : ReferenceStep(new Extents(input.Size, 1, 1), source)
{
    public override Complex[] Value(Complex[] state, Complex[][] inputs)
    {
        Complex[] y = new Complex[input.Size];
        for (int f = 0; f < y.Length; f++)
            y[f] = inputs[0][Source(f)];
        return y;
    }

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient)
    {
        Complex[] below = new Complex[input.Size];
        for (int f = 0; f < below.Length; f++)
            below[Source(f)] = delta[f];
        return [below];
    }

    private int Source(int feature)
    {
        int channel = feature % input.Channels;
        int position = feature / input.Channels;
        return input.At(channel, position / input.Columns, position % input.Columns);
    }
}

/// <summary>Maximum or mean over windows; a window's entries are listed row by row.</summary>
internal sealed class ReferencePool : ReferenceStep
{
    private readonly int _inputSize;
    private readonly bool _maximum;
    private readonly int[][] _windows;
    private readonly double[] _shares;

    /// <param name="divisor">What a mean is divided by; 0 for the number of entries inside the image, below 0 for the maximum.</param>
    public ReferencePool(Extents input, int source, int kernel, int stride, int padding, int divisor)
        : base(input.Slide(input.Channels, kernel, stride, padding), source)
    {
        _inputSize = input.Size;
        _maximum = divisor < 0;
        _windows = new int[Output.Size][];
        for (int c = 0; c < input.Channels; c++)
        {
            for (int i = 0; i < Output.Rows; i++)
            {
                for (int j = 0; j < Output.Columns; j++)
                    _windows[Output.At(c, i, j)] = [.. Window(input, c, (i * stride) - padding, (j * stride) - padding, kernel, kernel)];
            }
        }
        _shares = [.. _windows.Select(window => 1.0 / (divisor > 0 ? divisor : window.Length))];
    }

    /// <summary>The mean over the whole image.</summary>
    public ReferencePool(Extents input, int source)
        : base(new Extents(input.Channels, 1, 1), source)
    {
        _inputSize = input.Size;
        _windows = [.. Enumerable.Range(0, input.Channels).Select(c => Window(input, c, 0, 0, input.Rows, input.Columns).ToArray())];
        _shares = [.. _windows.Select(static window => 1.0 / window.Length)];
    }

    public override Complex[] Value(Complex[] state, Complex[][] inputs) =>
        [.. _windows.Select((window, o) => _maximum ? inputs[0][Winner(inputs[0], window)] : _shares[o] * window.Aggregate(Complex.Zero, (sum, i) => sum + inputs[0][i]))];

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient)
    {
        Complex[] below = new Complex[_inputSize];
        for (int o = 0; o < delta.Length; o++)
        {
            if (_maximum)
                below[Winner(inputs[0], _windows[o])] += delta[o];
            else
                Array.ForEach(_windows[o], i => below[i] += _shares[o] * delta[o]);
        }
        return [below];
    }

    private static IEnumerable<int> Window(Extents input, int channel, int top, int left, int rows, int columns)
    {
        for (int i = top; i < top + rows; i++)
        {
            for (int j = left; j < left + columns; j++)
            {
                if (input.Contains(i, j))
                    yield return input.At(channel, i, j);
            }
        }
    }

    private static int Winner(Complex[] x, int[] window) => window.Aggregate((best, i) => x[i].Real > x[best].Real ? i : best);
}
