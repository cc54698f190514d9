namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>How much each coordinate moves the outputs: as pictures where samples are images, as bars where there are few coordinates, else as a spectrum of what they hold.</summary>
internal static class AgopDiagonalFigures
{
    private const string Id = "agop-diagonal";
    private const int MostBars = 64;

    /// <summary>The figure.</summary>
    /// <param name="diagonal">Diagonal of the AGOP, one number a coordinate.</param>
    /// <param name="shape">Shape of a sample: (channels, height, width) of images.</param>
    public static PageFigure Of(IReadOnlyList<double> diagonal, IReadOnlyList<int> shape)
    {
        int largest = diagonal.Select(static (value, i) => (value, i)).MaxBy(static entry => entry.value).i;
        double total = diagonal.Sum();
        string share = total > 0.0 ? Format.Percent(diagonal[largest] / total) : "nothing";
        // Several pictures are laid out as squares.
        if (shape is [int channels, int height, int width] && (channels == 1 || height == width))
            return Pictures(diagonal, (channels, height, width), Place(largest, height, width, channels, share));
        string sentence = $"Coordinate {Format.Text(largest)}, counted from 0, holds the largest share of the trace, {share}.";
        return diagonal.Count <= MostBars ? Bars(diagonal, sentence) : Ranked(diagonal, sentence);
    }

    private static string Place(int index, int height, int width, int channels, string share)
    {
        string channel = channels > 1 ? $" of channel {Format.Text(index / (height * width))}" : "";
        return $"The pixel in row {Format.Text(index / width % height)}, column {Format.Text(index % width)}{channel}, counted from 0, holds the largest share of the trace, {share}.";
    }

    private static HeatFigure Pictures(IReadOnlyList<double> diagonal, (int Channels, int Height, int Width) image, string sentence)
    {
        double high = Math.Max(diagonal.Max(), double.Epsilon);
        double[] values = [.. diagonal];
        int size = image.Height * image.Width;
        return new HeatFigure
        {
            Id = Id,
            Title = "How much each pixel moves the outputs",
            Sentence = sentence,
            Formula = Formulas.AgopDiagonal,
            Low = 0.0,
            High = high,
            Scale = "diagonal of the AGOP",
            Panels =
            [
                .. Enumerable.Range(0, image.Channels).Select(channel => new HeatPanel
                {
                    Title = image.Channels > 1 ? $"channel {Format.Text(channel)}" : "",
                    Rows = image.Height,
                    Columns = image.Width,
                    Cells = HeatCells.Encode(values.AsSpan(channel * size, size), 0.0, high),
                }),
            ],
        };
    }

    private static BarFigure Bars(IReadOnlyList<double> diagonal, string sentence) => new()
    {
        Id = Id,
        Title = "How much each coordinate moves the outputs",
        Sentence = sentence,
        Formula = Formulas.AgopDiagonal,
        IsWide = diagonal.Count > MostBars / 2,
        Names = [.. Enumerable.Range(0, diagonal.Count).Select(Format.Text)],
        Values = [.. diagonal.Select(static value => (double?)value)],
        Y = Axes.Linear("diagonal of the AGOP", diagonal, 0.0, 0.0),
    };

    private static SpectrumFigure Ranked(IReadOnlyList<double> diagonal, string sentence) => SpectrumFigures.OfLists(
        new PageFigureText(Id, "How much each coordinate moves the outputs", sentence, Formulas.AgopDiagonal),
        "diagonal of the AGOP",
        [new SpectrumList("coordinates by their share", [.. diagonal.OrderDescending()])],
        []);
}
