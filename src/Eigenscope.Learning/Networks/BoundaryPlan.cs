namespace Eigenscope.Learning.Networks;

/// <summary>
/// Where the numbers at the boundaries of a network lie: boundary 0 is the input, boundary i + 1 the output of layer i. Boundaries share a cell of memory where a layer works in place and nobody needs what
/// it overwrites. Computed once for a network; four layouts: values and the loss's cotangents, kept for a slice of samples; tangents, kept for one product; cotangents on their way down in a product, which
/// live from the boundary's highest reader to the layer that made it (for a chain that is two buffers in turn).
/// </summary>
internal sealed class BoundaryPlan
{
    private readonly Layer[] _layers;
    private readonly int[][] _sources;
    private readonly int[] _readers;

    public BoundaryPlan(Layer[] layers, int[][] sources)
    {
        _layers = layers;
        _sources = sources;
        _readers = new int[layers.Length + 1];
        HighestReader = new int[layers.Length + 1];
        for (int i = 0; i < layers.Length; i++)
        {
            foreach (int source in sources[i])
            {
                _readers[source]++;
                HighestReader[source] = i;
            }
        }
        Values = PlanValues();
        Tangents = PlanTangents();
        Cotangents = PlanCotangents();
        Passing = PlanPassing();
        ScratchSize = Enumerable.Range(1, layers.Length).Where(boundary => _readers[boundary] > 1).Select(Size).DefaultIfEmpty(0).Max();
    }

    /// <summary>Index of the last layer that reads each boundary: the first that sends a cotangent down to it.</summary>
    public int[] HighestReader { get; }

    /// <summary>Values of a slice.</summary>
    public CellLayout Values { get; }

    /// <summary>Tangents of a product.</summary>
    public CellLayout Tangents { get; }

    /// <summary>Cotangents of the loss, kept.</summary>
    public CellLayout Cotangents { get; }

    /// <summary>Cotangents passing down in a product.</summary>
    public CellLayout Passing { get; }

    /// <summary>Entries per sample of the place where a second cotangent of a boundary is made before it is added; 0 in a chain.</summary>
    public int ScratchSize { get; }

    private int Size(int boundary) => boundary == 0 ? _layers[0].InputSize : _layers[boundary - 1].OutputSize;

    // The last source of those that nobody else reads: of a sum, the residual branch.
    private int OnlyRead(int layer) => Array.FindLast(_sources[layer], source => source > 0 && _readers[source] == 1);

    private CellLayout PlanValues()
    {
        CellLayout layout = new(_layers.Length + 1);
        HashSet<int> needed = [];
        for (int i = 0; i < _layers.Length; i++)
        {
            int source = _layers[i].ValueInPlace ? OnlyRead(i) : 0;
            bool shares = source > 0 && !needed.Contains(layout.Cell(source));
            int cell = shares ? layout.Share(i + 1, source) : layout.Add(i + 1, Size(i + 1));
            if (_layers[i].KeepsOutput)
                needed.Add(cell);
        }
        return layout;
    }

    private CellLayout PlanTangents()
    {
        CellLayout layout = new(_layers.Length + 1);
        for (int i = 0; i < _layers.Length; i++)
        {
            int source = _layers[i].TangentInPlace ? OnlyRead(i) : 0;
            if (source > 0)
                layout.Share(i + 1, source);
            else
                layout.Add(i + 1, Size(i + 1));
        }
        return layout;
    }

    private CellLayout PlanCotangents()
    {
        CellLayout layout = new(_layers.Length + 1);
        HashSet<int> needed = [];
        layout.Add(_layers.Length, Size(_layers.Length));
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            int inPlace = _layers[i].CotangentInPlace && !needed.Contains(layout.Cell(i + 1)) ? OnlyRead(i) : 0;
            foreach (int source in _sources[i].Where(source => source > 0 && HighestReader[source] == i))
            {
                int cell = source == inPlace ? layout.Share(source, i + 1) : layout.Add(source, Size(source));
                if (_layers[i].KeepsInputCotangent)
                    needed.Add(cell);
            }
        }
        return layout;
    }

    private CellLayout PlanPassing()
    {
        CellLayout layout = new(_layers.Length + 1);
        layout.Add(_layers.Length, Size(_layers.Length));
        Stack<int> free = new();
        for (int i = _layers.Length - 1; i >= 0; i--)
        {
            int inPlace = _layers[i].CotangentInPlace ? OnlyRead(i) : 0;
            foreach (int source in _sources[i].Where(source => source > 0 && HighestReader[source] == i))
            {
                if (source == inPlace)
                    layout.Share(source, i + 1);
                else if (free.TryPop(out int cell))
                    layout.Reuse(source, cell, Size(source));
                else
                    layout.Add(source, Size(source));
            }
            if (inPlace == 0)
                free.Push(layout.Cell(i + 1));
        }
        return layout;
    }
}
