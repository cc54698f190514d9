using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>The class and the cross-class part from the Gram matrix of the K o weighted mean gradients √Ω_ck ḡ_ck.</summary>
internal sealed class MeanGram
{
    private readonly Tensor<double> _class;
    private readonly Tensor<double> _cross;
    private readonly double _inner;
    private readonly Compute _compute;
    private readonly int _listed;

    public MeanGram(Tensor<double> gram, ClassLogits classes, int logits, Compute compute)
    {
        (Tensor<double> toClass, Tensor<double> toCross) = Maps(classes, logits);
        Tensor<double> classRows = Product(toClass, MatrixOp.None, gram, MatrixOp.None, compute);
        Tensor<double> crossRows = Product(toCross, MatrixOp.None, gram, MatrixOp.None, compute);
        (_class, _cross) = (Product(classRows, MatrixOp.None, toClass, MatrixOp.Transpose, compute), Product(crossRows, MatrixOp.None, toCross, MatrixOp.Transpose, compute));
        _inner = Reductions.SumOfSquares(Product(classRows, MatrixOp.None, toCross, MatrixOp.Transpose, compute).AsMatrix());
        (_compute, _listed) = (compute, gram.Rows);
    }

    /// <summary>The two parts and the cosine between them.</summary>
    public (PapyanPart Class, PapyanPart Cross, Number Cosine) Parts(double largest)
    {
        PapyanPart own = Part(_class, largest, _listed, _compute), cross = Part(_cross, largest, _listed, _compute);
        double norms = Reductions.FrobeniusNorm(_cross.AsMatrix()) * Reductions.FrobeniusNorm(_class.AsMatrix());
        bool zero = cross.Rank.Value is 0.0 || own.Rank.Value is 0.0;
        return (own, cross, zero ? Number.Undefined("the class part or the cross-class part is zero") : Number.Of(_inner / norms));
    }

    /// <summary>A part from its Gram matrix.</summary>
    public static PapyanPart Part(Tensor<double> gram, double largest, int listed, Compute compute)
    {
        double[] values = PositiveSemidefinite.Eigenvalues(gram.AsMatrix(), compute);
        return new PapyanPart
        {
            Rank = Number.Of(values.Count(value => value > PapyanSplit.RankTolerance * largest)),
            Trace = Number.Of(TraceOf(gram)),
            Eigenvalues = values[..Math.Min(listed, values.Length)],
        };
    }

    public static double TraceOf(Tensor<double> matrix)
    {
        double trace = 0.0;
        for (int i = 0; i < matrix.Rows; i++)
            trace += matrix[i, i];
        return trace;
    }

    public static Tensor<double> Product(Tensor<double> a, MatrixOp opA, Tensor<double> b, MatrixOp opB, Compute compute)
    {
        Tensor<double> product = new(opA == MatrixOp.None ? a.Rows : a.Columns, opB == MatrixOp.None ? b.Columns : b.Rows);
        compute.Multiply(1.0, a.AsMatrix(), opA, b.AsMatrix(), opB, 0.0, product.AsMatrix());
        return product;
    }

    /// <summary>The maps from the √Ω_ck ḡ_ck to the rows of the class part, two for each class, and to those of the cross-class part.</summary>
    private static (Tensor<double> ToClass, Tensor<double> ToCross) Maps(ClassLogits classes, int logits)
    {
        int rows = classes.Classes * logits;
        Tensor<double> toClass = new(2 * classes.Classes, rows), toCross = new(rows, rows);
        for (int c = 0; c < classes.Classes; c++)
        {
            ReadOnlySpan<double> direction = classes.ClassDirections.Row(c);
            for (int k = 0; k < logits; k++)
            {
                int row = (c * logits) + k;
                toClass[2 * c, row] = direction[k];
                toClass[(2 * c) + 1, row] = classes.IsApart(c, k) ? 1.0 : 0.0;
                for (int j = 0; j < logits; j++)
                    toCross[row, (c * logits) + j] = (k == j && !classes.IsApart(c, k) ? 1.0 : 0.0) - (direction[k] * direction[j]);
            }
        }
        return (toClass, toCross);
    }
}
