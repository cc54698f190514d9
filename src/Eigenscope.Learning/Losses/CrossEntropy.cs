using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Losses;

/// <summary>Softmax cross-entropy in nats, ℓ(z, y) = log Σ_k exp(z_k) − z_y. Its Hessian in the logits is diag(p) − p pᵀ, p = softmax(z).</summary>
public sealed class CrossEntropy : Loss
{
    private readonly double _smoothing;

    /// <summary>Creates the loss.</summary>
    public CrossEntropy()
        : this(smoothing: 0.0)
    {
    }

    private CrossEntropy(double smoothing)
        : base("cross-entropy") => _smoothing = smoothing;

    internal override Loss Smoothed(double smoothing) => smoothing == 0.0 ? this : new CrossEntropy(smoothing);

    /// <inheritdoc/>
    public override bool HessianTermsCancel => true;

    private protected override void HessianTermWeightsCore(ReadOnlySpan<double> logits, Span<double> weights) => Softmax(logits, weights, 0);

    // As in MultiplyHessian, the most probable class's row is taken off first: J_k − Σ_j p_j J_j does not see what all rows share, and no digits cancel however close its probability is to 1.
    private protected override void MultiplyHessianFactorCore(ReadOnlySpan<double> logits, ReadOnlyMatrixSpan<double> jacobian, MatrixSpan<double> result)
    {
        int classes = logits.Length;
        Span<double> p = classes <= 256 ? stackalloc double[classes] : new double[classes];
        Softmax(logits, p, 0);
        int top = TensorPrimitives.IndexOfMax<double>(p);
        Span<double> mean = result.Row(top);
        mean.Clear();
        for (int k = 0; k < classes; k++)
        {
            if (k == top)
                continue;
            TensorPrimitives.Subtract(jacobian.Row(k), jacobian.Row(top), result.Row(k));
            TensorPrimitives.MultiplyAdd(result.Row(k), p[k], mean, mean);
        }
        for (int k = 0; k < classes; k++)
        {
            if (k == top)
                continue;
            TensorPrimitives.Subtract(result.Row(k), mean, result.Row(k));
            TensorPrimitives.Multiply(result.Row(k), Math.Sqrt(p[k]), result.Row(k));
        }
        TensorPrimitives.Multiply(mean, -Math.Sqrt(p[top]), mean);
    }

    internal override double Evaluate<T>(ReadOnlyMatrixSpan<T> logits, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights, MatrixSpan<T> cotangent, MatrixSpan<T> state)
    {
        double sum = 0.0;
        for (int i = 0; i < logits.Rows; i++)
        {
            ReadOnlySpan<T> z = logits.Row(i);
            Span<T> p = state.Row(i);
            sum += weights[i] * Softmax(z, p, labels[i]);
            T weight = T.CreateTruncating(weights[i]);
            Span<T> delta = cotangent.Row(i);
            TensorPrimitives.Multiply(p, weight, delta);
            delta[labels[i]] = T.CreateTruncating(-weights[i] * MassBeside(p, labels[i]));
            if (_smoothing > 0.0)
                sum += weights[i] * Smooth(z, labels[i], weights[i], delta);
        }
        return sum;
    }

    // (1 − α) ℓ(z, y) + α/K Σ_k ℓ(z, k) − ℓ(z, y) = α (z_y − mean of z), and its gradient.
    private double Smooth<T>(ReadOnlySpan<T> z, int label, double weight, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double mean = 0.0;
        foreach (T value in z)
            mean += double.CreateTruncating(value) / z.Length;
        TensorPrimitives.Subtract(delta, T.CreateTruncating(weight * _smoothing / z.Length), delta);
        delta[label] += T.CreateTruncating(weight * _smoothing);
        return _smoothing * (double.CreateTruncating(z[label]) - mean);
    }

    // diag(p) − p pᵀ does not see a constant: with the most probable class's entry taken off first, no digits cancel however close its probability is to 1.
    internal override void MultiplyHessian<T>(ReadOnlyMatrixSpan<T> state, ReadOnlySpan<double> weights, ReadOnlyMatrixSpan<T> v, MatrixSpan<T> r)
    {
        for (int i = 0; i < v.Rows; i++)
        {
            ReadOnlySpan<T> p = state.Row(i);
            ReadOnlySpan<T> source = v.Row(i);
            Span<T> target = r.Row(i);
            T weight = T.CreateTruncating(weights[i]);
            TensorPrimitives.Subtract(source, source[TensorPrimitives.IndexOfMax(p)], target);
            double mean = 0.0;
            for (int k = 0; k < p.Length; k++)
                mean += double.CreateTruncating(p[k]) * double.CreateTruncating(target[k]);
            TensorPrimitives.Subtract(target, T.CreateTruncating(mean), target);
            TensorPrimitives.Multiply(target, p, target);
            TensorPrimitives.Multiply(target, weight, target);
        }
    }

    private protected override void WriteGradient<T>(ReadOnlySpan<T> state, int label, Span<T> gradient)
    {
        state.CopyTo(gradient);
        gradient[label] = T.CreateTruncating(-MassBeside(state, label));
    }

    // 1 − p_y without the subtraction, which would leave nothing once p_y is 1 to rounding.
    private static double MassBeside<T>(ReadOnlySpan<T> p, int label)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double mass = 0.0;
        for (int k = 0; k < p.Length; k++)
            mass += k == label ? 0.0 : double.CreateTruncating(p[k]);
        return mass;
    }

    // Shifted by the largest logit, so that no exponential overflows; the sum is taken in double.
    private static double Softmax<T>(ReadOnlySpan<T> z, Span<T> p, int label)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T largest = TensorPrimitives.Max(z);
        TensorPrimitives.Subtract(z, largest, p);
        double shifted = double.CreateTruncating(p[label]);
        TensorPrimitives.Exp(p, p);
        double total = 0.0;
        foreach (T value in p)
            total += double.CreateTruncating(value);
        TensorPrimitives.Divide(p, T.CreateTruncating(total), p);
        return Math.Log(total) - shifted;
    }
}
