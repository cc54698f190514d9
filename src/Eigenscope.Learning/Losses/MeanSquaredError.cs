using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Losses;

/// <summary>ℓ(z, y) = ½ ‖z − t(y)‖², so that the data loss is 1/(2N) Σ ‖z_i − t_i‖². Its Hessian in the logits is the identity.</summary>
public sealed class MeanSquaredError : Loss
{
    private readonly double _on;
    private readonly double _off;
    private readonly double _smoothing;

    /// <summary>Creates the loss.</summary>
    /// <param name="targets">How a class becomes a target vector. Default one-hot.</param>
    public MeanSquaredError(TargetCoding targets = TargetCoding.OneHot)
        : base("mse")
    {
        Targets = targets;
        (_on, _off) = targets switch
        {
            TargetCoding.OneHot => (1.0, 0.0),
            TargetCoding.PlusMinusOne => (1.0, -1.0),
            _ => throw new ArgumentOutOfRangeException(nameof(targets), targets, "expected OneHot or PlusMinusOne"),
        };
    }

    private MeanSquaredError(TargetCoding targets, double smoothing)
        : this(targets) => _smoothing = smoothing;

    /// <summary>How a class becomes a target vector.</summary>
    public TargetCoding Targets { get; }

    internal override Loss Smoothed(double smoothing) => smoothing == 0.0 ? this : new MeanSquaredError(Targets, smoothing);

    /// <inheritdoc/>
    public override bool HessianTermsCancel => false;

    private protected override void HessianTermWeightsCore(ReadOnlySpan<double> logits, Span<double> weights) => weights.Fill(1.0);

    private protected override void MultiplyHessianFactorCore(ReadOnlySpan<double> logits, ReadOnlyMatrixSpan<double> jacobian, MatrixSpan<double> result) => jacobian.CopyTo(result);

    internal override double Evaluate<T>(ReadOnlyMatrixSpan<T> logits, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, MatrixSpan<T> cotangent, MatrixSpan<T> state)
    {
        double spread = _smoothing * (_on + ((logits.Columns - 1) * _off)) / logits.Columns;
        T on = T.CreateTruncating(((1.0 - _smoothing) * _on) + spread);
        T off = T.CreateTruncating(((1.0 - _smoothing) * _off) + spread);
        double sum = 0.0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<T> z = logits.Row(i);
            Span<T> delta = cotangent.Row(i);
            Span<T> errors = state.Row(i);
            T weight = T.CreateTruncating(weights[i]);
            double squares = 0.0;
            for (int k = 0; k < z.Length; k++)
            {
                T error = z[k] - (k == labels[i] ? on : off);
                squares += double.CreateTruncating(error) * double.CreateTruncating(error);
                errors[k] = error;
                delta[k] = weight * error;
            }
            sum += 0.5 * weights[i] * squares;
        }
        return sum;
    }

    internal override void MultiplyHessian<T>(ReadOnlyMatrixSpan<T> state, ReadOnlySpan<double> weights, ReadOnlyMatrixSpan<T> v, MatrixSpan<T> r)
    {
        for (int i = 0; i < v.Rows; i++)
            System.Numerics.Tensors.TensorPrimitives.Multiply(v.Row(i), T.CreateTruncating(weights[i]), r.Row(i));
    }

    private protected override void WriteGradient<T>(ReadOnlySpan<T> state, int label, Span<T> gradient) => state.CopyTo(gradient);
}
