using System.Globalization;
using Eigenscope.Experiments.Runs;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Runs;

public sealed class PhysicalCoresTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Two_threads_of_one_core_count_once_and_equal_numbers_on_two_sockets_twice()
    {
        Processors((0, 0), (0, 1), (0, 0), (0, 1), (1, 0), (1, 1), (1, 0), (1, 1));

        Assert.Equal(4, PhysicalCores.Count(_root.Path, 8));
    }

    [Fact]
    public void A_limit_of_the_container_caps_the_count()
    {
        Processors((0, 0), (0, 1), (0, 2), (0, 3));

        Assert.Equal(2, PhysicalCores.Count(_root.Path, 2));
    }

    [Fact]
    public void Only_processors_that_may_be_used_count()
    {
        Processors((0, 0), (0, 1), (0, 2), (0, 0), (0, 1), (0, 2));
        _root.Write("proc/self/status", "Name:\tdotnet\nCpus_allowed_list:\t0,2-3\n");

        Assert.Equal(2, PhysicalCores.Count(_root.Path, 3));
    }

    [Fact]
    public void A_system_that_does_not_tell_has_its_logical_processors() => Assert.Equal(6, PhysicalCores.Count(_root.Path, 6));

    [Fact]
    public void An_unreadable_number_falls_back_on_logical_processors()
    {
        Processors((0, 0));
        _root.Write("sys/devices/system/cpu/cpu1/topology/core_id", "?");
        _root.Write("sys/devices/system/cpu/cpu1/topology/physical_package_id", "0");

        Assert.Equal(2, PhysicalCores.Count(_root.Path, 2));
    }

    private void Processors(params (int Package, int Core)[] processors)
    {
        _root.Write("sys/devices/system/cpu/cpufreq/note", "not a processor");
        for (int i = 0; i < processors.Length; i++)
        {
            string folder = string.Create(CultureInfo.InvariantCulture, $"sys/devices/system/cpu/cpu{i}/topology");
            _root.Write($"{folder}/physical_package_id", string.Create(CultureInfo.InvariantCulture, $"{processors[i].Package}\n"));
            _root.Write($"{folder}/core_id", string.Create(CultureInfo.InvariantCulture, $"{processors[i].Core}\n"));
        }
    }
}
