namespace Eigenscope.Learning.Data;

/// <summary>A data set of IDX files known by name.</summary>
internal sealed record KnownFolder(string Name, string Description, int Samples, int TestSamples, IReadOnlyList<int> SampleShape, IReadOnlyList<string> ClassNames)
{
    public static readonly IReadOnlyList<KnownFolder> All =
    [
        new("mnist", "handwritten digits (LeCun, Cortes, Burges)", 60_000, 10_000, [1, 28, 28], LabelEncoding.NumberedNames(10)),
        new(
            "fashion-mnist",
            "articles of clothing (Xiao, Rasul, Vollgraf 2017)",
            60_000,
            10_000,
            [1, 28, 28],
            ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]),
    ];

    public DataSourceInfo Describe(DataLocations locations)
    {
        string? location = locations.Find(Name);
        return new DataSourceInfo(Name, Description, Samples, TestSamples, SampleShape, ClassNames.Count, location, location is null ? HowToGet(locations) : null);
    }

    public LoadedData Load(DataLocations locations, int? maximumSamples)
    {
        string folder = locations.Find(Name) ?? throw new DataException(Name, $"not on this machine: {HowToGet(locations)}");
        return IdxFolder.Load(folder, Name, ClassNames, maximumSamples);
    }

    private string HowToGet(DataLocations locations)
    {
        string folder = locations.Folders.FirstOrDefault() is { } first ? Path.Combine(first, Name) : $"a folder {Name} under EIGENSCOPE_DATA";
        return $"put {string.Join(", ", IdxFolder.FileNames)} into {folder}, or give the path of the folder that holds them";
    }
}
