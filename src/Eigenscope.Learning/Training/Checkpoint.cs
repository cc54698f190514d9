using Eigenscope.Formats;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Training;

/// <summary>
/// A training state on disk: an NPZ file that NumPy reads, one array per parameter and per running statistic under its own name, the optimiser's memory under "optimizer/…", and the place in training.
/// Written atomically: a file is there whole or not at all.
/// </summary>
public static class Checkpoint
{
    private const string OptimizerPrefix = "optimizer/";
    private const string PlaceName = "training/place";
    private const string NoteName = "training/note";

    /// <summary>Writes a state.</summary>
    /// <param name="path">File to write; replaced if it is there.</param>
    /// <param name="network">The network whose parameters they are.</param>
    /// <param name="state">The state.</param>
    /// <param name="note">Free text kept with it: how the run was configured.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, Network network, TrainingState state, string note)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(note);
        List<KeyValuePair<string, NpyArray>> arrays = [];
        foreach (ParameterBlock block in network.Blocks.Concat(network.Statistics))
            arrays.Add(new(block.Name, NpyArray.Create(state.Parameters.AsSpan(block.Offset, block.Length).ToArray(), [.. block.Shape])));
        foreach ((string name, double[] array) in state.Optimizer)
            arrays.Add(new(OptimizerPrefix + name, NpyArray.Create(array, array.Length)));
        arrays.Add(new(PlaceName, NpyArray.Create([(long)state.Epoch, state.Batch], 2)));
        arrays.Add(new(NoteName, NpyText.Create(note)));
        NpzFile.Write(path, arrays);
    }

    /// <summary>Reads the note alone, which may say what network the state is of.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <returns>The text.</returns>
    /// <exception cref="DataFormatException">The file is missing, not a checkpoint, or damaged.</exception>
    public static string ReadNote(string path) => NpyText.Read(path, NoteName);

    /// <summary>Reads a state.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <param name="network">The network it must fit.</param>
    /// <returns>The state and the note.</returns>
    /// <exception cref="DataFormatException">The file is not a checkpoint, is damaged, or belongs to another network.</exception>
    public static (TrainingState State, string Note) Load(string path, Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        double[] parameters = new double[network.StateLength];
        foreach (ParameterBlock block in network.Blocks.Concat(network.Statistics))
        {
            NpyArray array = NpzFile.Read(path, block.Name);
            if (!array.Shape.SequenceEqual(block.Shape))
                throw new DataFormatException(path, $"'{block.Name}' of shape [{string.Join(", ", block.Shape)}]", $"shape [{string.Join(", ", array.Shape)}]");
            array.ToDoubles().CopyTo(parameters, block.Offset);
        }
        Dictionary<string, double[]> optimizer = new(StringComparer.Ordinal);
        foreach (string name in NpzFile.Names(path).Where(static name => name.StartsWith(OptimizerPrefix, StringComparison.Ordinal)))
            optimizer[name[OptimizerPrefix.Length..]] = NpzFile.Read(path, name).ToDoubles();
        long[] place = NpzFile.Read(path, PlaceName).ToInt64s();
        if (place is not [>= 0 and <= int.MaxValue, >= 0 and <= int.MaxValue])
            throw new DataFormatException(path, $"'{PlaceName}' with an epoch and a batch", $"[{string.Join(", ", place)}]");
        return (new TrainingState { Parameters = parameters, Epoch = (int)place[0], Batch = (int)place[1], Optimizer = optimizer }, ReadNote(path));
    }
}
