using System.Numerics;
using Eigenscope.Learning.Networks;
using static Eigenscope.Learning.Tests.Derivatives.ReferenceFunctions;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// A textbook network of steps, each of which reads earlier results: one sample at a time, channels-first images, naive loops, complex arithmetic. The gradient is back-propagation as in any textbook; an
/// imaginary step of 1e-100 in the parameters gives its derivative, and the logits', to rounding, with no difference quotient and no code of the library. The state is the parameters in the library's order,
/// weights laid out as the library lays them, and the statistics behind them.
/// </summary>
internal sealed class ReferenceNetwork(Extents input) : INetworkDescription
{
    private readonly List<ReferenceStep> _steps = [];
    private int _statistics;

    public int Input => 0;

    public int ParameterCount { get; private set; }

    public int StateLength => ParameterCount + _statistics;

    public int Outputs => _steps[^1].Output.Size;

    public required bool CrossEntropy { get; init; }

    public double OffTarget { get; init; }

    public int Convolution(int source, int channels, int kernel, int stride = 1, int padding = 0, int groups = 1, bool bias = true)
    {
        int weight = Parameters(channels * kernel * kernel * At(source).Channels / groups);
        return Add(new ReferenceConvolution(At(source), source, channels, kernel, stride, padding, groups, weight, bias ? Parameters(channels) : -1));
    }

    public int BatchNorm(int source, double epsilon = 1e-5)
    {
        int channels = At(source).Channels;
        int start = _statistics;
        _statistics += 2 * channels;
        return Add(new ReferenceBatchNorm(At(source), source, Parameters(2 * channels), () => ParameterCount + start, epsilon));
    }

    public int LayerNorm(int source) => Add(new ReferenceLayerNorm(At(source), source, Parameters(2 * At(source).Channels)));

    public int MaxPool(int source, int kernel, int stride, int padding = 0) => Add(new ReferencePool(At(source), source, kernel, stride, padding, -1));

    public int AveragePool(int source, int kernel, int stride, int padding = 0, bool countsPadding = true) =>
        Add(new ReferencePool(At(source), source, kernel, stride, padding, countsPadding ? kernel * kernel : 0));

    public int GlobalAveragePool(int source) => Add(new ReferencePool(At(source), source));

    public int Activation(int source, Activation activation) => Add(new ReferenceActivation(At(source), source, activation));

    public int Sum(int shortcut, int branch) => Add(new ReferenceSum(At(branch), shortcut, branch));

    public int Flatten(int source) => Add(new ReferenceFlatten(At(source), source));

    public int Dense(int source, int outputs, bool bias = true)
    {
        int weight = Parameters(outputs * At(source).Size);
        return Add(new ReferenceDense(At(source).Size, source, outputs, weight, bias ? Parameters(outputs) : -1));
    }

    public int TokenDense(int source, int outputs, int positions, bool bias = true)
    {
        int inputs = At(source).Size / positions;
        int weight = Parameters(outputs * inputs);
        return Add(new ReferenceTokenDense(positions, inputs, source, outputs, weight, bias ? Parameters(outputs) : -1));
    }

    public int Concat(params int[] sources) => Add(new ReferenceConcat([.. sources.Select(source => At(source).Size)], sources));

    public int Select(int source, params int[] indices) =>
        Add(new ReferenceTerms(At(source).Size, source, new double[indices.Length], [.. indices.Select(static (from, to) => (to, from, 1.0)).Where(static term => term.from >= 0)]));

    public int Reduce(int source, int outputs, double factor, params int[] targets) =>
        Add(new ReferenceTerms(At(source).Size, source, new double[outputs], [.. targets.Select((to, from) => (to, from, factor))]));

    public int Affine(int source, double[] scale, double[] shift) =>
        Add(new ReferenceTerms(At(source).Size, source, shift, [.. scale.Select(static (factor, i) => (i, i, factor))]));

    public int Function(int source, ScalarFunction function) => Add(new ReferenceFunction(At(source), source, function));

    public int Product(int first, int second) =>
        Add(new ReferenceBilinear(At(first).Size, first, second, [.. Enumerable.Range(0, At(first).Size).Select(static i => (i, i, i))]));

    public int BatchedProduct(int first, int second, int batches, int rows, int inner, int columns)
    {
        List<(int, int, int)> terms = [];
        for (int b = 0; b < batches; b++)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    for (int k = 0; k < inner; k++)
                        terms.Add(((((b * rows) + i) * columns) + j, (((b * rows) + i) * inner) + k, (((b * inner) + k) * columns) + j));
                }
            }
        }
        return Add(new ReferenceBilinear(batches * rows * columns, first, second, [.. terms]));
    }

    public int Softmax(int source, int width) => Add(new ReferenceSoftmax(At(source), source, width));

    public int LogSoftmax(int source, int width) => Add(new ReferenceLogSoftmax(At(source), source, width));

    public (double Loss, double[] Gradient) Evaluate(double[] state, double[][] x, int[] y, double[] weights)
    {
        (Complex loss, Complex[] gradient) = LossAndGradient(ToComplex(state), x, y, weights);
        return (loss.Real, [.. gradient.Select(static value => value.Real)]);
    }

    /// <summary>The loss's derivatives by the complex step, without back-propagation.</summary>
    public double[] LossDerivatives(double[] state, double[][] x, int[] y, double[] weights) =>
        [.. Enumerable.Range(0, ParameterCount).Select(j => LossAlone(Perturb(state, j), x, y, weights).Imaginary / Step)];

    /// <summary>The logits of each sample.</summary>
    public double[][] Logits(double[] state, double[][] x) => [.. x.Select(row => Forward(ToComplex(state), row)[^1].Select(static z => z.Real).ToArray())];

    /// <summary>Every column by <see cref="HessianProduct"/>.</summary>
    public double[,] Hessian(double[] state, double[][] x, int[] y, double[] weights) =>
        Columns(direction => HessianProduct(state, x, y, weights, direction));

    /// <summary>The gradient's derivative along a direction, by the complex step.</summary>
    public double[] HessianProduct(double[] state, double[][] x, int[] y, double[] weights, double[] direction) =>
        [.. LossAndGradient(Along(state, direction), x, y, weights).Gradient.Select(static value => value.Imaginary / Step)];

    /// <summary>Jacobian of all logits, (samples · outputs) × parameters.</summary>
    public double[,] Jacobian(double[] state, double[][] x)
    {
        double[,] jacobian = new double[x.Length * Outputs, ParameterCount];
        for (int j = 0; j < ParameterCount; j++)
        {
            Complex[] perturbed = Perturb(state, j);
            for (int n = 0; n < x.Length; n++)
            {
                Complex[] logits = Forward(perturbed, x[n])[^1];
                for (int k = 0; k < Outputs; k++)
                    jacobian[(n * Outputs) + k, j] = logits[k].Imaginary / Step;
            }
        }
        return jacobian;
    }

    /// <summary>
    /// Jacobian of one sample's logits in what enters the l-th step with a weight, outputs × inputs in the library's order (row, column, channel), by the complex step: forward only, whatever else reads the same
    /// numbers.
    /// </summary>
    public double[,] InputJacobian(double[] state, double[] x, int weightLayer) => Differences(weightLayer, entry => [.. From(state, x, weightLayer, entry, new Complex(0, Step)).Select(static z => z.Imaginary / Step)]);

    /// <summary>The same by central differences of real numbers.</summary>
    public double[,] InputDifferences(double[] state, double[] x, int weightLayer, double step) => Differences(
        weightLayer, entry => [.. From(state, x, weightLayer, entry, step).Zip(From(state, x, weightLayer, entry, -step), (up, down) => (up.Real - down.Real) / (2.0 * step))]);

    /// <summary>Σ_n w_n J_nᵀ Λ_n J_n. It is the expected Fisher matrix too: for both losses Λ is the covariance of the gradient in the logits, labels drawn from the model.</summary>
    public double[,] GaussNewton(double[] state, double[][] x, double[] weights) => Columns(direction => GaussNewtonProduct(state, x, weights, direction));

    /// <summary>The logits' derivative along a direction by the complex step, times the loss's Hessian, sent down by back-propagation.</summary>
    public double[] GaussNewtonProduct(double[] state, double[][] x, double[] weights, double[] direction)
    {
        Complex[] real = ToComplex(state);
        Complex[] stepped = Along(state, direction);
        Complex[] product = new Complex[ParameterCount];
        for (int n = 0; n < x.Length; n++)
        {
            Complex[][] results = Forward(real, x[n]);
            double[,] curvature = LossHessian(CrossEntropy, results[^1]);
            double[] tangent = [.. Forward(stepped, x[n])[^1].Select(static z => z.Imaginary / Step)];
            Complex[] delta = [.. tangent.Select((_, a) => new Complex(weights[n] * Enumerable.Range(0, Outputs).Sum(b => curvature[a, b] * tangent[b]), 0))];
            Backward(real, results, delta, product);
        }
        return [.. product.Select(static value => value.Real)];
    }

    /// <summary>Gradient of each sample's own loss, without its weight.</summary>
    public double[][] SampleGradients(double[] state, double[][] x, int[] y) =>
        [.. Enumerable.Range(0, x.Length).Select(n => Evaluate(state, [x[n]], [y[n]], [1.0]).Gradient)];

    /// <summary>Σ_n w_n g_n g_nᵀ, the second moment of the samples' gradients; with w = 1/N the empirical Fisher matrix.</summary>
    public double[,] EmpiricalFisher(double[] state, double[][] x, int[] y, double[] weights) =>
        SecondMoment(SampleGradients(state, x, y), weights, new double[ParameterCount]);

    /// <summary>Σ_n w_n (g_n − ḡ)(g_n − ḡ)ᵀ with ḡ = Σ_n w_n g_n / Σ_n w_n.</summary>
    public double[,] GradientCovariance(double[] state, double[][] x, int[] y, double[] weights) =>
        SecondMoment(SampleGradients(state, x, y), weights, [.. Evaluate(state, x, y, weights).Gradient.Select(value => value / weights.Sum())]);

    /// <summary>J Jᵀ, (samples · outputs)²: the empirical neural tangent kernel.</summary>
    public double[,] TangentKernel(double[] state, double[][] x)
    {
        double[,] jacobian = Jacobian(state, x);
        int rows = jacobian.GetLength(0);
        double[,] kernel = new double[rows, rows];
        for (int a = 0; a < rows; a++)
        {
            for (int b = 0; b < rows; b++)
                kernel[a, b] = Enumerable.Range(0, ParameterCount).Sum(i => jacobian[a, i] * jacobian[b, i]);
        }
        return kernel;
    }

    private static Complex[] Along(double[] state, double[] direction) =>
        [.. state.Select((value, i) => new Complex(value, i < direction.Length ? Step * direction[i] : 0.0))];

    private double[,] Columns(Func<double[], double[]> product)
    {
        double[,] matrix = new double[ParameterCount, ParameterCount];
        for (int j = 0; j < ParameterCount; j++)
        {
            double[] direction = new double[ParameterCount];
            direction[j] = 1.0;
            double[] column = product(direction);
            for (int i = 0; i < ParameterCount; i++)
                matrix[i, j] = column[i];
        }
        return matrix;
    }

    private static double[,] SecondMoment(double[][] gradients, double[] weights, double[] mean)
    {
        double[,] moment = new double[mean.Length, mean.Length];
        for (int n = 0; n < gradients.Length; n++)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                for (int j = 0; j < mean.Length; j++)
                    moment[i, j] += weights[n] * (gradients[n][i] - mean[i]) * (gradients[n][j] - mean[j]);
            }
        }
        return moment;
    }

    private Complex LossAlone(Complex[] state, double[][] x, int[] y, double[] weights) =>
        x.Select((row, n) => weights[n] * Loss(CrossEntropy, OffTarget, Forward(state, row)[^1], y[n]).Loss).Aggregate(Complex.Zero, static (sum, loss) => sum + loss);

    private (Complex Loss, Complex[] Gradient) LossAndGradient(Complex[] state, double[][] x, int[] y, double[] weights)
    {
        Complex loss = 0;
        Complex[] gradient = new Complex[ParameterCount];
        for (int n = 0; n < x.Length; n++)
        {
            Complex[][] results = Forward(state, x[n]);
            (Complex sampleLoss, Complex[] delta) = Loss(CrossEntropy, OffTarget, results[^1], y[n]);
            loss += weights[n] * sampleLoss;
            Backward(state, results, [.. delta.Select(value => weights[n] * value)], gradient);
        }
        return (loss, gradient);
    }

    private int Entering(int weightLayer) => _steps.OfType<ReferenceProducts>().ElementAt(weightLayer).Sources[0];

    private double[,] Differences(int weightLayer, Func<int, double[]> derivative)
    {
        Extents extents = At(Entering(weightLayer));
        double[,] jacobian = new double[Outputs, extents.Size];
        for (int entry = 0; entry < extents.Size; entry++)
        {
            double[] column = derivative(entry);
            int place = ((entry % extents.Positions) * extents.Channels) + (entry / extents.Positions);
            for (int k = 0; k < Outputs; k++)
                jacobian[k, place] = column[k];
        }
        return jacobian;
    }

    // The logits with one entry of what enters a step moved, for every reader of it.
    private Complex[] From(double[] state, double[] x, int weightLayer, int entry, Complex step) => Forward(ToComplex(state), x, (Entering(weightLayer), entry, step))[^1];

    // Result 0 is the input, result s + 1 that of step s.
    private Complex[][] Forward(Complex[] state, double[] x, (int Result, int Entry, Complex Step)? moved = null)
    {
        Complex[][] results = new Complex[_steps.Count + 1][];
        results[0] = ToComplex(x);
        for (int s = 0; s <= _steps.Count; s++)
        {
            if (s > 0)
                results[s] = _steps[s - 1].Value(state, Inputs(s - 1, results));
            if (moved is { } move && move.Result == s)
                results[s][move.Entry] += move.Step;
        }
        return results;
    }

    private void Backward(Complex[] state, Complex[][] results, Complex[] delta, Complex[] gradient)
    {
        Complex[][] deltas = [.. results.Select(static result => new Complex[result.Length])];
        deltas[^1] = delta;
        for (int s = _steps.Count - 1; s >= 0; s--)
        {
            Complex[][] below = _steps[s].Pull(state, Inputs(s, results), deltas[s + 1], gradient);
            for (int k = 0; k < below.Length; k++)
                deltas[_steps[s].Sources[k]] = [.. deltas[_steps[s].Sources[k]].Zip(below[k], static (a, b) => a + b)];
        }
    }

    private Complex[][] Inputs(int step, Complex[][] results) => [.. _steps[step].Sources.Select(source => results[source])];

    private Extents At(int result) => result == 0 ? input : _steps[result - 1].Output;

    private int Parameters(int count)
    {
        ParameterCount += count;
        return ParameterCount - count;
    }

    private int Add(ReferenceStep step)
    {
        _steps.Add(step);
        return _steps.Count;
    }
}
