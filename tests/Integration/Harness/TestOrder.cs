using System.Globalization;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Xunit.TestCaseOrderer(typeof(DispatchCenter.Harness.TestOrder))]
[assembly: Xunit.TestCollectionOrderer(typeof(DispatchCenter.Harness.LongestFirst))]

namespace DispatchCenter.Harness;

/// <summary>
/// Runs the tests of a class by name, the same wherever the checkout is: the runner's own order depends on the folder, and stories that share a
/// street share its clock. With <c>DISPATCH_TESTS_ORDER</c> (an integer) it seeds a shuffle, to find tests that depend on each other.
/// </summary>
public sealed class TestOrder : ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases) where TTestCase : notnull, ITestCase
    {
        var ordered = testCases.OrderBy(t => t.TestCaseDisplayName, StringComparer.Ordinal).ToArray();
        if (int.TryParse(Environment.GetEnvironmentVariable("DISPATCH_TESTS_ORDER"), CultureInfo.InvariantCulture, out var seed)) new Random(seed).Shuffle(ordered);
        return ordered;
    }
}

/// <summary>Begins with the classes that take longest, so that none of them runs on alone at the end while a core idles.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["EveryPageForStaff", "EveryPageForResidents", "Unknown", "Ringing", "SimulatedWeek", "EntranceFuzzTests", "CommandTests", "KillTests", "SightTests", "StaffTests", "UnkeepableTests", "DrainTests", "RecusalReachStories", "RatesTests", "PackStories"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections) where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => Array.FindIndex(Long, name => c.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)) is var at and >= 0 ? at : Long.Length)];
}
