using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Losses;

/// <summary>
/// ℓ(z, i) = ½ ‖z − t_i‖² for real targets, so that the data loss is 1/(2N) Σ ‖z_i − t_i‖². What comes as a sample's label is the row of its target; samples have no classes, and no accuracy. Its Hessian in the outputs is the identity.
/// </summary>
public sealed class TargetSquaredError : Loss
{
    private readonly Tensor<double> _targets;

    /// <summary>Creates the loss.</summary>
    /// <param name="targets">The targets that labels are rows of, N × M, finite; kept, not copied.</param>
    /// <exception cref="ArgumentException">No target, or one that is not finite.</exception>
    public TargetSquaredError(Tensor<double> targets)
        : base("mse")
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Rows < 1 || targets.Columns < 1)
            throw new ArgumentException($"expected at least one target of at least one value, got {targets.Rows} of {targets.Columns}", nameof(targets));
        int bad = Array.FindIndex(targets.Storage, static value => !double.IsFinite(value));
        if (bad >= 0)
            throw new ArgumentException($"target {bad % targets.Columns} of sample {bad / targets.Columns} is not finite", nameof(targets));
        _targets = targets;
    }

    /// <inheritdoc/>
    public override bool HessianTermsCancel => false;

    internal override bool HasClasses => false;

    internal override int LabelCount(int outputs) => outputs == _targets.Columns
        ? _targets.Rows
        : throw new ArgumentException($"expected a network of {_targets.Columns} outputs, as many as a target has values, got one of {outputs}", nameof(outputs));

    internal override Loss Smoothed(double smoothing) => smoothing == 0.0 ? this : throw new NotSupportedException("real targets cannot be smoothed: they are no classes");

    private protected override void HessianTermWeightsCore(ReadOnlySpan<double> logits, Span<double> weights) => weights.Fill(1.0);

    private protected override void MultiplyHessianFactorCore(ReadOnlySpan<double> logits, ReadOnlyMatrixSpan<double> jacobian, MatrixSpan<double> result) => jacobian.CopyTo(result);

    internal override double Evaluate<T>(ReadOnlyMatrixSpan<T> logits, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, MatrixSpan<T> cotangent, MatrixSpan<T> state)
    {
        double sum = 0.0;
        for (int i = 0; i < logits.Rows; i++)
        {
            Span<T> errors = state.Row(i);
            ReadOnlySpan<T> z = logits.Row(i);
            ReadOnlySpan<double> target = _targets.Row(labels[i]);
            double squares = 0.0;
            for (int k = 0; k < z.Length; k++)
            {
                double error = double.CreateTruncating(z[k]) - target[k];
                squares += error * error;
                errors[k] = T.CreateTruncating(error);
            }
            System.Numerics.Tensors.TensorPrimitives.Multiply(errors, T.CreateTruncating(weights[i]), cotangent.Row(i));
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
