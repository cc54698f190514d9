using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>
/// Makes a network of an ONNX model. Every node becomes a layer with its own value, tangent, pullback and curvature, or a composite of such layers; nothing is differentiated numerically. Parameters are the floating-point initialisers
/// that are weight or bias of a Gemm, MatMul or Conv (or are added right after one), and scale and shift of batch and layer normalisation; all other initialisers (position embeddings, class tokens, masks) are constants.
/// </summary>
public static class OnnxImport
{
    /// <summary>The operators of the default domain that are imported.</summary>
    public static IReadOnlyList<string> Operators => [.. OperatorTable.Names];

    /// <summary>Oldest and newest version of the default operators that are imported.</summary>
    public static (int Oldest, int Newest) Opsets => (9, 21);

    /// <summary>Imports a model.</summary>
    /// <param name="model">The model; its nodes in an order in which each reads earlier results.</param>
    /// <param name="options">Shape of a sample, output, ranks, bounds; null for the defaults.</param>
    /// <returns>The network with its parameters.</returns>
    /// <exception cref="OnnxImportException">Something cannot be imported: every such node is listed. Or the model has not one input of samples, its output is not one row of numbers per sample, or it asks for more memory than the bound.</exception>
    /// <exception cref="ArgumentException">A rank that no layer can have, or for a layer that is not there.</exception>
    public static ImportedModel Import(OnnxModel model, OnnxImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new OnnxImportOptions();
        GraphPlan plan = GraphPlan.Of(model, options);
        ImportBuilder? builder = null;
        void Describe(NetworkBuilder description)
        {
            builder = new ImportBuilder(description, options.MostEntries, plan.FixedBatch);
            new GraphWalk(plan, builder).Run();
        }
        Network network = Build(Describe, options);
        return new ImportedModel(model, builder!.Places)
        {
            Network = network,
            State = options.Ranks is { Count: > 0 } ? new double[network.StateLength] : State(network, builder.Values),
            InputName = plan.Input.Name,
            InputShape = plan.SampleShape,
            OutputName = plan.OutputName,
            Notes = [.. plan.Notes, .. builder.Notes],
        };
    }

    private static Network Build(Action<NetworkBuilder> describe, OnnxImportOptions options)
    {
        try
        {
            return NetworkBuilder.Build(describe, options.Ranks);
        }
        catch (ArgumentException idle) when (idle.ParamName == nameof(describe))
        {
            throw new OnnxImportException($"{idle.Message.Split(" (Parameter", 2)[0]}: export the model without it", idle);
        }
    }

    private static double[] State(Network network, Dictionary<string, double[]> values)
    {
        double[] state = new double[network.StateLength];
        foreach (ParameterBlock block in network.Blocks.Concat(network.Statistics))
            values[block.Name].CopyTo(state, block.Offset);
        return state;
    }
}
