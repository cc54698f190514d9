using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;

namespace Eigenscope.Learning.Training;

/// <summary>Weight decay in operators over parameters: its own second derivative is diag(λ_b).</summary>
public static class WeightDecayOperators
{
    /// <summary>A + diag(λ_b): with the Hessian of the data loss for A, the Hessian of loss and decay together.</summary>
    /// <param name="operand">A, in the same scope.</param>
    /// <param name="decay">The decay; where it is zero in the scope, A itself comes back.</param>
    /// <param name="scope">The scope of A: "all", a parameter, a layer or a pattern.</param>
    /// <returns>The sum; it refers to A.</returns>
    /// <exception cref="ArgumentException">Nothing is in the scope, or A has another size.</exception>
    public static LinearOperator WithWeightDecay(this LinearOperator operand, WeightDecay decay, string scope = ParameterScope.AllName)
    {
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(decay);
        ParameterScope resolved = ParameterScope.Resolve(decay.Network, scope);
        if (operand.Rows != resolved.Length || operand.Columns != resolved.Length)
            throw new ArgumentException($"expected an operator on the {resolved.Length} parameters of '{scope}', got {operand.Rows} × {operand.Columns}", nameof(operand));
        double[] diagonal = new double[resolved.Length];
        int start = 0;
        foreach (ParameterBlock block in resolved.Blocks)
        {
            diagonal.AsSpan(start, block.Length).Fill(decay.Coefficient(block));
            start += block.Length;
        }
        return diagonal.AsSpan().ContainsAnyExcept(0.0) ? operand.Add(new DiagonalOperator(diagonal)) : operand;
    }
}
