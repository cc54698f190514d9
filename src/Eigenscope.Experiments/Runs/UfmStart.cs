using System.Numerics;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Where an unconstrained feature model starts. <c>random</c>: every entry N(0, 1/d). The others have a structure and no size of the solution: with U (K × R) and random
/// orthonormal frames Q_1 … Q_L (d × R), H̄_1 = Q_1 S Uᵀ repeated in every class, W_l = Q_{l+1} S Q_lᵀ, W_L = U S Q_Lᵀ, so that the class-mean logits are U S^{L+1} Uᵀ.
/// <c>dnc</c>: U the identity (MSE without bias) or an orthonormal basis of 1^⊥, <c>low-rank</c>: U the first ⌊K/2⌋ unit vectors (MSE) or the differences (e_{2i} − e_{2i+1})/√2 of pairs of
/// classes (arXiv 2410.23169), both with S = I; <c>hadamard</c>: U the Walsh–Hadamard matrix / √K and S = diag(½ (1 + 0.05 · N(0, 1))). All are times the scale asked for. <c>srg</c>: see <see cref="UfmEdgeStart"/>.
/// The size that is optimal is left to the optimiser: no closed form is used.
/// </summary>
internal sealed class UfmStart(UfmPlan plan, Compute compute)
{
    private const double HadamardSize = 0.5;
    private const double HadamardSpread = 0.05;

    /// <summary>Parameters of the joint network at the start.</summary>
    /// <param name="scale">Factor on all entries.</param>
    /// <param name="random">Source of entries and frames.</param>
    public double[] Draw(double scale, RandomStream random) => plan.Options.Start switch
    {
        "random" => DrawEntries(scale, random),
        "srg" => new UfmEdgeStart(plan, plan.Vertices!.Value).Draw(scale),
        _ => DrawFrames(scale, random),
    };

    private double[] DrawEntries(double scale, RandomStream random)
    {
        double[] parameters = new double[plan.Joint.ParameterCount];
        double deviation = scale / Math.Sqrt(plan.Options.Width);
        foreach (ParameterBlock block in plan.Joint.Blocks)
        {
            if (!block.IsBias)
                random.Split(block.Name).FillNormal(parameters.AsSpan(block.Offset, block.Length), deviation);
        }
        return parameters;
    }

    private double[] DrawFrames(double scale, RandomStream random)
    {
        double[] parameters = new double[plan.Joint.ParameterCount];
        Tensor<double> outer = Outer();
        double[] sizes = Sizes(outer.Columns, scale, random.Split("sizes"));
        Tensor<double>[] frames = [.. Enumerable.Range(1, plan.Options.Depth).Select(l => Frame(outer.Columns, random.Split($"frame {l}"))), outer];
        Tensor<double> means = Product(outer, sizes, frames[0]);
        for (int sample = 0; sample < plan.Samples; sample++)
            means.Row(plan.Labels[sample]).CopyTo(parameters.AsSpan(sample * plan.Options.Width));
        IReadOnlyList<BilinearLayer> layers = plan.Joint.WeightLayers;
        for (int l = 0; l < layers.Count; l++)
            Product(frames[l + 1], sizes, frames[l]).Span.CopyTo(parameters.AsSpan(layers[l].Weight.Offset));
        return parameters;
    }

    // left · diag(sizes) · rightᵀ
    private Tensor<double> Product(Tensor<double> left, double[] sizes, Tensor<double> right)
    {
        Tensor<double> scaled = left.Clone();
        for (int row = 0; row < scaled.Rows; row++)
            System.Numerics.Tensors.TensorPrimitives.Multiply(scaled.Row(row), sizes, scaled.Row(row));
        Tensor<double> product = new(left.Rows, right.Rows);
        compute.Multiply(1.0, scaled.AsMatrix(), MatrixOp.None, right.AsMatrix(), MatrixOp.Transpose, 0.0, product.AsMatrix());
        return product;
    }

    private double[] Sizes(int rank, double scale, RandomStream random)
    {
        double[] sizes = new double[rank];
        for (int i = 0; i < rank; i++)
            sizes[i] = plan.Options.Start is "hadamard" ? scale * HadamardSize * (1.0 + (HadamardSpread * random.NextNormal())) : scale;
        return sizes;
    }

    /// <summary>Orthonormal columns; with a ReLU non-negative ones of disjoint support, which it leaves as they are.</summary>
    private Tensor<double> Frame(int rank, RandomStream random)
    {
        int width = plan.Options.Width;
        Tensor<double> frame = new(width, rank);
        if (!plan.IsLinear)
        {
            for (int row = 0; row < width; row++)
                frame[row, row % rank] = 1.0 / Math.Sqrt(((width - 1 - (row % rank)) / rank) + 1);
            return frame;
        }
        random.FillNormal(frame.Span);
        compute.Blas.Qr(frame.AsMatrix(), new Tensor<double>(rank, rank).AsMatrix());
        return frame;
    }

    private Tensor<double> Outer()
    {
        int classes = plan.Classes;
        return plan.Options.Start switch
        {
            "hadamard" => Fill(classes, (row, column) => (int.IsEvenInteger(BitOperations.PopCount((uint)(row & column))) ? 1.0 : -1.0) / Math.Sqrt(classes)),
            "low-rank" when plan.Options.Loss is "mse" => Fill(Math.Max(1, classes / 2), static (row, column) => row == column ? 1.0 : 0.0),
            "low-rank" => Fill(classes / 2, static (row, column) => row / 2 == column ? (int.IsEvenInteger(row) ? 1.0 : -1.0) / Math.Sqrt(2.0) : 0.0),
            _ when plan.IsLinear && plan.IsCentred => Fill(classes - 1, Helmert),
            _ => Fill(classes, static (row, column) => row == column ? 1.0 : 0.0),
        };
    }

    /// <summary>Helmert's orthonormal basis of the vectors that sum to zero: (1, …, 1, −j, 0, …)/√(j(j+1)).</summary>
    private static double Helmert(int row, int column)
    {
        int j = column + 1;
        double entry = row < j ? 1.0 : row == j ? -j : 0.0;
        return entry / Math.Sqrt((double)j * (j + 1));
    }

    private Tensor<double> Fill(int columns, Func<int, int, double> entry)
    {
        Tensor<double> matrix = new(plan.Classes, columns);
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int column = 0; column < columns; column++)
                matrix[row, column] = entry(row, column);
        }
        return matrix;
    }
}
