using System.Numerics;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Networks;

/// <summary>A convolution with random images, weights, directions and cotangents; what the layer makes of them, and the defining sums. With a gap, samples do not follow each other in memory.</summary>
internal sealed class ConvolutionProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly BlasBackend Blas = BlasBackends.Load(BlasChoice.Auto).Backend;
    private readonly ConvolutionShape _shape;
    private readonly ConvolutionLayer _layer;
    private readonly int _samples;
    private readonly int _gap;
    private readonly bool[] _active;

    public ConvolutionProblem(ConvolutionShape shape, int samples, int gap, bool withBias, bool alwaysUnfolds = false)
    {
        (_shape, _samples, _gap) = (shape, samples, gap);
        ParameterBlock weight = new("c.weight", 0, shape.WeightShape, false);
        ParameterBlock? bias = withBias ? new("c.bias", weight.Length, [shape.OutputChannels], true) : null;
        _layer = new ConvolutionLayer("c", shape, weight, bias, 0) { AlwaysUnfolds = alwaysUnfolds };
        _active = withBias ? [true, true] : [true];
        int parameters = weight.Length + (bias?.Length ?? 0);
        (X, DX) = (Normals(samples * _layer.InputSize, "x"), Normals(samples * _layer.InputSize, "dx"));
        (Cotangent, LossCotangent) = (Normals(samples * _layer.OutputSize, "cotangent"), Normals(samples * _layer.OutputSize, "loss"));
        (Parameters, Direction) = (Normals(parameters, "parameters"), Normals(parameters, "direction"));
    }

    public T[] X { get; }

    public T[] DX { get; }

    public T[] Cotangent { get; }

    public T[] LossCotangent { get; }

    public T[] Parameters { get; }

    public T[] Direction { get; }

    private int WeightLength => _layer.Weight.Length;

    public T[] Value()
    {
        Spaced y = new(this, _layer.OutputSize);
        _layer.Value<T>(Blas, Parameters, new Spaced(this, X).Matrix, y.Matrix, [], keep: true);
        return y.Dense();
    }

    public T[] Tangent()
    {
        Spaced dy = new(this, _layer.OutputSize);
        _layer.Tangent(Blas, Parameters, new ParameterTangent<T>(Direction, 0, _active), Slice(), new Spaced(this, DX).Matrix, dy.Matrix);
        return dy.Dense();
    }

    public (T[] Input, T[] Gradient) Pullback()
    {
        Spaced dx = new(this, _layer.InputSize);
        T[] gradient = new T[Parameters.Length];
        _layer.Pullback(Blas, Parameters, Slice(), new Spaced(this, Cotangent).Matrix, dx.Matrix, new ParameterGradient<T>(gradient, 0, _active));
        return (dx.Dense(), gradient);
    }

    public T[] GradientOf(bool[] wanted)
    {
        T[] gradient = new T[Parameters.Length];
        _layer.Pullback(Blas, Parameters, Slice(), new Spaced(this, Cotangent).Matrix, default, new ParameterGradient<T>(gradient, 0, wanted));
        return gradient;
    }

    /// <summary>What the curvature adds to an input cotangent of <see cref="DX"/> and to a gradient of <see cref="Direction"/>.</summary>
    public (T[] Input, T[] Gradient) Curvature()
    {
        Spaced dx = new(this, DX);
        T[] gradient = [.. Direction];
        _layer.AddCurvature(Blas, new ParameterTangent<T>(Direction, 0, _active), Slice(), new Spaced(this, DX).Matrix, dx.Matrix, new ParameterGradient<T>(gradient, 0, _active));
        return (dx.Dense(), gradient);
    }

    public TermSums ExpectedValue()
    {
        TermSums sums = Biases(Parameters);
        ForEachTerm((x, w, y) => sums.Add(y, Number(X[x]) * Number(Parameters[w])));
        return sums;
    }

    public TermSums ExpectedTangent()
    {
        TermSums sums = Biases(Direction);
        ForEachTerm((x, w, y) =>
        {
            sums.Add(y, Number(DX[x]) * Number(Parameters[w]));
            sums.Add(y, Number(X[x]) * Number(Direction[w]));
        });
        return sums;
    }

    public TermSums ExpectedInputCotangent()
    {
        TermSums sums = new(X.Length);
        ForEachTerm((x, w, y) => sums.Add(x, Number(Cotangent[y]) * Number(Parameters[w])));
        return sums;
    }

    public TermSums ExpectedGradient()
    {
        TermSums sums = new(Parameters.Length);
        ForEachTerm((x, w, y) => sums.Add(w, Number(Cotangent[y]) * Number(X[x])));
        for (int i = 0; i < Cotangent.Length && Parameters.Length > WeightLength; i++)
            sums.Add(WeightLength + (i % _shape.OutputChannels), Number(Cotangent[i]));
        return sums;
    }

    public TermSums ExpectedInputCurvature()
    {
        TermSums sums = new(X.Length);
        for (int i = 0; i < X.Length; i++)
            sums.Add(i, Number(DX[i]));
        ForEachTerm((x, w, y) => sums.Add(x, Number(LossCotangent[y]) * Number(Direction[w])));
        return sums;
    }

    public TermSums ExpectedWeightCurvature()
    {
        TermSums sums = new(Parameters.Length);
        for (int i = 0; i < Direction.Length; i++)
            sums.Add(i, Number(Direction[i]));
        ForEachTerm((x, w, y) => sums.Add(w, Number(LossCotangent[y]) * Number(DX[x])));
        return sums;
    }

    private static double Number(T value) => double.CreateChecked(value);

    private static T[] Normals(int length, string label)
    {
        double[] values = new double[length];
        new RandomStream(11).Split(label).FillNormal(values);
        return [.. values.Select(static value => T.CreateTruncating(value))];
    }

    private TermSums Biases(T[] parameters)
    {
        TermSums sums = new(Cotangent.Length);
        for (int i = 0; i < Cotangent.Length && Parameters.Length > WeightLength; i++)
            sums.Add(i, Number(parameters[WeightLength + (i % _shape.OutputChannels)]));
        return sums;
    }

    private LayerSlice<T> Slice() => new()
    {
        Input = new Spaced(this, X).Matrix,
        Output = default,
        InputCotangent = default,
        OutputCotangent = new Spaced(this, LossCotangent).Matrix,
        Stash = [],
    };

    // The definition: calls with the indices of x, w and y of every product x·w that y is a sum of.
    private void ForEachTerm(Action<int, int, int> term)
    {
        ImageShape output = _shape.Output;
        for (int n = 0; n < _samples; n++)
        {
            for (int i = 0; i < output.Height; i++)
            {
                for (int j = 0; j < output.Width; j++)
                {
                    for (int o = 0; o < output.Channels; o++)
                        ForEachTermOf(n, i, j, o, term);
                }
            }
        }
    }

    private void ForEachTermOf(int n, int i, int j, int o, Action<int, int, int> term)
    {
        (ImageShape input, ImageShape output) = (_shape.Input, _shape.Output);
        int channels = input.Channels / _shape.Groups, group = o / (output.Channels / _shape.Groups);
        for (int a = 0; a < _shape.KernelHeight; a++)
        {
            for (int b = 0; b < _shape.KernelWidth; b++)
            {
                int row = (i * _shape.StrideHeight) + (a * _shape.DilationHeight) - _shape.PaddingTop, column = (j * _shape.StrideWidth) + (b * _shape.DilationWidth) - _shape.PaddingLeft;
                for (int c = 0; c < channels && row >= 0 && row < input.Height && column >= 0 && column < input.Width; c++)
                {
                    int x = (((((n * input.Height) + row) * input.Width) + column) * input.Channels) + (group * channels) + c;
                    int w = (((((o * _shape.KernelHeight) + a) * _shape.KernelWidth) + b) * channels) + c;
                    term(x, w, (((((n * output.Height) + i) * output.Width) + j) * output.Channels) + o);
                }
            }
        }
    }

    // A matrix with a row per sample, the gap between the rows filled with NaN: whoever reads it is found out.
    private sealed class Spaced
    {
        private readonly T[] _data;
        private readonly int _rows;
        private readonly int _columns;
        private readonly int _stride;

        public Spaced(ConvolutionProblem<T> problem, int columns)
        {
            (_rows, _columns, _stride) = (problem._samples, columns, columns + problem._gap);
            _data = new T[_rows * _stride];
            Array.Fill(_data, T.NaN);
        }

        public Spaced(ConvolutionProblem<T> problem, T[] dense)
            : this(problem, dense.Length / problem._samples) => new ReadOnlyMatrixSpan<T>(dense, _rows, _columns).CopyTo(Matrix);

        public MatrixSpan<T> Matrix => new(_data, _rows, _columns, _stride);

        public T[] Dense()
        {
            T[] dense = new T[_rows * _columns];
            ((ReadOnlyMatrixSpan<T>)Matrix).CopyTo(new MatrixSpan<T>(dense, _rows, _columns));
            return dense;
        }
    }
}
