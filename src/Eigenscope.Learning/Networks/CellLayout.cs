namespace Eigenscope.Learning.Networks;

/// <summary>Which cell of memory each boundary of a network uses, and how many entries per sample each cell has. Boundary 0, the input, has none.</summary>
internal sealed class CellLayout
{
    private readonly int[] _cells;
    private readonly List<int> _sizes = [];

    public CellLayout(int boundaries)
    {
        _cells = new int[boundaries];
        Array.Fill(_cells, -1);
    }

    /// <summary>Entries per sample of each cell.</summary>
    public IReadOnlyList<int> Sizes => _sizes;

    /// <summary>Entries per sample of all cells together.</summary>
    public long Total => _sizes.Sum(static size => (long)size);

    public int Cell(int boundary) => _cells[boundary];

    public bool AreShared(int boundary, int other) => _cells[boundary] == _cells[other];

    public int Add(int boundary, int size)
    {
        _sizes.Add(size);
        return _cells[boundary] = _sizes.Count - 1;
    }

    public int Share(int boundary, int other) => _cells[boundary] = _cells[other];

    public void Reuse(int boundary, int cell, int size)
    {
        _cells[boundary] = cell;
        _sizes[cell] = Math.Max(_sizes[cell], size);
    }
}
