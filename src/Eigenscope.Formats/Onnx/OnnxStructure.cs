namespace Eigenscope.Formats.Onnx;

/// <summary>Whether nodes and values make a graph: one maker for every value, no value without one, and an order.</summary>
internal sealed class OnnxStructure
{
    private const int Given = -1;

    private readonly string _path;
    private readonly OnnxGraph _graph;
    private readonly HashSet<string> _sparse;
    private readonly Dictionary<string, int> _makers = new(StringComparer.Ordinal);

    public OnnxStructure(string path, OnnxGraph graph, IEnumerable<string> sparse)
    {
        _path = path;
        _graph = graph;
        _sparse = new HashSet<string>(sparse, StringComparer.Ordinal);
    }

    public static string Place(string path, OnnxNode node) => $"{path}[node {ErrorText.Quote(Label(node))} ({ErrorText.Clean(node.Operator)})]";

    /// <summary>The nodes in an order in which every value is made before it is read: the file's own where it is one.</summary>
    public IReadOnlyList<OnnxNode> SortedNodes()
    {
        RecordGiven();
        RecordMade();
        RequireMakers();
        return Sort();
    }

    private static string Label(OnnxNode node) => node.Name.Length > 0 ? node.Name : node.Outputs.FirstOrDefault(static output => output.Length > 0) ?? "";

    private void RecordGiven()
    {
        RequireDistinct(_graph.Initializers.Select(static tensor => tensor.Name), "initializers");
        RequireDistinct(_graph.Inputs.Select(static input => input.Name), "inputs");
        RequireDistinct(_graph.Outputs.Select(static output => output.Name), "outputs");
        if (_graph.Nodes.Count == 0 || _graph.Outputs.Count == 0)
            throw new DataFormatException(_path, "a graph with nodes and outputs", $"{_graph.Nodes.Count} nodes and {_graph.Outputs.Count} outputs");
        foreach (string name in _graph.Initializers.Select(static tensor => tensor.Name).Concat(_graph.Inputs.Select(static input => input.Name)))
            _makers[name] = Given;
    }

    private void RequireDistinct(IEnumerable<string> names, string what)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (name.Length == 0 || !seen.Add(name))
                throw new DataFormatException(_path, $"{what} with distinct names", name.Length == 0 ? "one without a name" : $"two named {ErrorText.Quote(name)}");
        }
    }

    private void RecordMade()
    {
        for (int index = 0; index < _graph.Nodes.Count; index++)
        {
            OnnxNode node = _graph.Nodes[index];
            if (node.Operator.Length == 0)
                throw new DataFormatException(Place(_path, node), "an operator", "a node without one");
            foreach (string output in node.Outputs.Where(static output => output.Length > 0))
            {
                if (!_makers.TryAdd(output, index))
                    throw new DataFormatException(Place(_path, node), "values with one maker each", $"{ErrorText.Quote(output)}, which something else makes too");
            }
        }
    }

    private void RequireMakers()
    {
        foreach (OnnxNode node in _graph.Nodes)
        {
            foreach (string input in node.Inputs.Where(input => input.Length > 0 && !_makers.ContainsKey(input)))
                throw Unmade(Place(_path, node), input);
        }
        foreach (OnnxValue output in _graph.Outputs.Where(output => !_makers.ContainsKey(output.Name)))
            throw Unmade($"{_path}[outputs]", output.Name);
    }

    private DataFormatException Unmade(string place, string name) => _sparse.Contains(name)
        ? new DataFormatException(place, "dense weights", $"{ErrorText.Quote(name)}, a sparse initializer")
        : new DataFormatException(place, "values that an input, an initializer or a node makes", $"{ErrorText.Quote(name)}, which nothing makes");

    /// <summary>Of the nodes that can come next, the first of the file does.</summary>
    private List<OnnxNode> Sort()
    {
        int count = _graph.Nodes.Count;
        int[] waiting = new int[count];
        List<int>[] readers = new List<int>[count];
        for (int index = 0; index < count; index++)
        {
            foreach (int maker in Makers(index))
            {
                waiting[index]++;
                (readers[maker] ??= []).Add(index);
            }
        }
        PriorityQueue<int, int> ready = new();
        for (int index = 0; index < count; index++)
        {
            if (waiting[index] == 0)
                ready.Enqueue(index, index);
        }
        List<OnnxNode> sorted = new(count);
        while (ready.TryDequeue(out int index, out _))
        {
            sorted.Add(_graph.Nodes[index]);
            foreach (int reader in readers[index] ?? [])
            {
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, reader);
            }
        }
        return sorted.Count == count ? sorted : throw Cycle(waiting);
    }

    private IEnumerable<int> Makers(int node) => _graph.Nodes[node].Inputs.Where(static input => input.Length > 0).Select(input => _makers[input]).Where(static maker => maker != Given);

    /// <summary>Back from a node that waits to one that it waits for, until one comes again: the walk since then is a cycle.</summary>
    private DataFormatException Cycle(int[] waiting)
    {
        List<int> walk = [Array.FindIndex(waiting, static left => left > 0)];
        Dictionary<int, int> places = [];
        while (places.TryAdd(walk[^1], walk.Count - 1))
            walk.Add(Makers(walk[^1]).First(maker => waiting[maker] > 0));
        string[] names = [.. walk[places[walk[^1]]..].Select(index => Label(_graph.Nodes[index])).Reverse()];
        return new DataFormatException(_path, "a graph without cycles", $"nodes that depend on themselves: {ErrorText.QuoteSome(names)}");
    }
}
