using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Networks;
using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// The start <c>srg</c> (arXiv 2405.14468): with the r × K incidence X of the classes as edges and s = (r−2)^{1/L}, H̄_1 = s X/√(r−2), W_1 … W_{L−2} = s I, W_{L−1} = s Xᵀ(I − 11ᵀ/4)/√(r−2), so that the class means before the last ReLU are
/// the published pattern Xᵀ(I − 11ᵀ/4)X, and W_L = I. A vertex, and behind W_{L−1} a class, is spread alike over as many neurons as there are for each. All are times the scale asked for.
/// </summary>
internal sealed class UfmEdgeStart(UfmPlan plan, int vertices)
{
    private const double CentringOfPattern = 0.25;

    public double[] Draw(double scale)
    {
        int width = plan.Options.Width;
        int classes = plan.Classes;
        double size = scale * Math.Pow(vertices - 2, 1.0 / plan.Options.Depth);
        double codeSize = size / Math.Sqrt(vertices - 2);
        double[] parameters = new double[plan.Joint.ParameterCount];
        double[] means = new double[classes * width];
        Fill(means, (classes, classes), (width, vertices), (edge, vertex) => codeSize * Incidence(vertex, edge));
        for (int sample = 0; sample < plan.Samples; sample++)
            means.AsSpan(plan.Labels[sample] * width, width).CopyTo(parameters.AsSpan(sample * width));
        IReadOnlyList<BilinearLayer> layers = plan.Joint.WeightLayers;
        for (int l = 0; l < layers.Count - 2; l++)
            Fill(Entries(layers[l]), (width, vertices), (width, vertices), (above, below) => above == below ? size : 0.0);
        // Every edge has two vertices: (I − 11ᵀ/4) takes a half from every entry of its column of X.
        Fill(Entries(layers[^2]), (width, classes), (width, vertices), (edge, vertex) => codeSize * (Incidence(vertex, edge) - (2.0 * CentringOfPattern)));
        Fill(Entries(layers[^1]), (classes, classes), (width, classes), (above, below) => above == below ? scale : 0.0);
        return parameters;

        Span<double> Entries(BilinearLayer layer) => parameters.AsSpan(layer.Weight.Offset, layer.Weight.Length);
    }

    private static double Incidence(int vertex, int edge)
    {
        (int first, int second) = EdgeCode.Ends(edge);
        return vertex == first || vertex == second ? 1.0 : 0.0;
    }

    // A matrix of groups, each spread over its neurons: neuron i of so many belongs to group i modulo their number.
    private static void Fill(Span<double> destination, (int Neurons, int Groups) rows, (int Neurons, int Groups) columns, Func<int, int, double> core)
    {
        for (int row = 0; row < rows.Neurons; row++)
        {
            for (int column = 0; column < columns.Neurons; column++)
                destination[(row * columns.Neurons) + column] = Part(row, rows) * Part(column, columns) * core(row % rows.Groups, column % columns.Groups);
        }
    }

    // Of a unit vector that is alike on the neurons of a group.
    private static double Part(int neuron, (int Neurons, int Groups) side) => 1.0 / Math.Sqrt(((side.Neurons - 1 - (neuron % side.Groups)) / side.Groups) + 1);
}
