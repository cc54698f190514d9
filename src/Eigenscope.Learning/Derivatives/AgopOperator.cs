using System.Numerics;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The average gradient outer product (1/N) Σ J_iᵀ J_i of the logits in what lies at one boundary, by one tangent sent up from it and one cotangent pulled back to it. About a mean Jacobian J̄ it is
/// (1/N) Σ (J_i − J̄)ᵀ(J_i − J̄) v = (1/N) Σ J_iᵀ (J_i v − J̄ v), because Σ (J_i v − J̄ v) = 0: nothing is subtracted from the sum.
/// </summary>
/// <param name="walk">The slices.</param>
/// <param name="boundary">Where the derivative is taken.</param>
/// <param name="mean">J̄, outputs × entries of the boundary; null for the plain mean of outer products.</param>
internal sealed class AgopOperator<T>(LinearizationWalk<T> walk, int boundary, double[]? mean)
    : LinearOperator(walk.Network.BoundarySize(boundary), walk.Network.BoundarySize(boundary), OperatorStructure.PositiveSemidefinite)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int VectorsAtOnce = 8;
    private readonly int _outputs = walk.Network.OutputSize;
    private T[] _directions = [];
    private T[] _shifts = [];
    private double[][] _sums = [];

    // Four matrix products a layer, and two more of a primal walk where it must be repeated, which a block shares.
    public override double BlockCostPerVector => walk.KeepsActivations ? 1.0 : 4.0 / 6.0;

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        Reserve(Math.Min(VectorsAtOnce, x.Rows));
        for (int first = 0; first < x.Rows; first += VectorsAtOnce)
        {
            int count = Math.Min(VectorsAtOnce, x.Rows - first);
            for (int vector = 0; vector < count; vector++)
                SetDirection(vector, x.Row(first + vector));
            walk.Run(0, 0, part =>
            {
                Array.Clear(_sums[part.Index], 0, count * Columns);
                foreach ((SliceState<T> slice, _) in walk.Slices(part))
                {
                    for (int vector = 0; vector < count; vector++)
                        AddProduct(part, slice, vector);
                }
            });
            for (int vector = 0; vector < count; vector++)
                Collect(vector, y.Row(first + vector));
        }
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private void Reserve(int vectors)
    {
        if (_directions.Length >= vectors * Columns)
            return;
        _directions = new T[checked(vectors * Columns)];
        _shifts = new T[vectors * _outputs];
        _sums = [.. walk.Memory.Parts.Select(_ => new double[_directions.Length])];
    }

    private void SetDirection(int vector, ReadOnlySpan<double> values)
    {
        TensorPrimitives.ConvertTruncating<double, T>(values, _directions.AsSpan(vector * Columns, Columns));
        for (int k = 0; k < (mean is null ? 0 : _outputs); k++)
            _shifts[(vector * _outputs) + k] = T.CreateTruncating(DoubleSums.Dot(mean.AsSpan(k * Columns, Columns), values));
    }

    private void AddProduct(LinearizationPart<T> part, SliceState<T> slice, int vector)
    {
        MatrixSpan<T> tangents = part.Buffers.Tangent(boundary, slice.Rows);
        for (int i = 0; i < slice.Rows; i++)
            _directions.AsSpan(vector * Columns, Columns).CopyTo(tangents.Row(i));
        MatrixSpan<T> logits = walk.Pass.UpFrom(slice, walk.Theta, boundary, part.Buffers);
        MatrixSpan<T> top = walk.Top(part, slice.Rows);
        for (int i = 0; i < slice.Rows; i++)
            TensorPrimitives.Subtract(logits.Row(i), _shifts.AsSpan(vector * _outputs, _outputs), top.Row(i));
        MatrixSpan<T> cotangents = walk.Pass.DownTo(slice, walk.Theta, boundary, part.Buffers);
        for (int i = 0; i < slice.Rows; i++)
            DoubleSums.Add(cotangents.Row(i), _sums[part.Index].AsSpan(vector * Columns, Columns));
    }

    private void Collect(int vector, Span<double> product)
    {
        product.Clear();
        foreach (double[] sums in _sums)
            TensorPrimitives.Add(product, sums.AsSpan(vector * Columns, Columns), product);
        TensorPrimitives.Divide(product, walk.Objective.SampleCount, product);
    }
}
