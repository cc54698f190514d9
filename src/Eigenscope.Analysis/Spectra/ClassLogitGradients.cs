using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// The vectors √Ω_ck ḡ_ck, the mean gradients of class c and logit k times the root of their weight, of a scope as rows, K o × (scope's length): one class after another, its samples linearised by themselves, then one pass down for each
/// logit. Nothing but the result grows with the scope.
/// </summary>
internal static class ClassLogitGradients
{
    public static Tensor<double> Measure(Linearization linearization, ParameterScope scope, LogitFactors factors, ClassLogits classes, CancellationToken cancellation)
    {
        int logits = factors.Logits;
        Tensor<double>? means = null;
        double[] parameters = linearization.Parameters();
        for (int c = 0; c < classes.Classes && !cancellation.IsCancellationRequested; c++)
        {
            int[] members = classes.Members[c];
            using Linearization part = linearization.Objective.Subset(members).Linearize(parameters);
            LinearOperator jacobian = part.Jacobian(scope);
            means ??= new Tensor<double>(classes.Classes * logits, jacobian.Columns);
            Tensor<double> cotangents = Cotangents(factors, classes, members);
            jacobian.ApplyAdjoint(cotangents.AsMatrix(), means.AsMatrix().RowRange(c * logits, logits));
        }
        return means ?? new Tensor<double>(0, 0);
    }

    // Row k: √w_i u_ck times row k of S_i, for every sample of the class.
    private static Tensor<double> Cotangents(LogitFactors factors, ClassLogits classes, int[] members)
    {
        int logits = factors.Logits;
        double[] averages = new double[logits];
        Tensor<double> cotangents = new(logits, members.Length * logits);
        for (int i = 0; i < members.Length; i++)
        {
            ReadOnlyMatrixSpan<double> factor = factors.Factor(members[i]);
            classes.Averages(members[i], averages);
            for (int k = 0; k < logits; k++)
                TensorPrimitives.Multiply(factor.Row(k), Math.Sqrt(factors.Weight(members[i])) * averages[k], cotangents.Row(k).Slice(i * logits, logits));
        }
        return cotangents;
    }
}
