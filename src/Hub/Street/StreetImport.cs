using System.Collections.Immutable;
using DispatchCenter.Domain.Street;
using DispatchCenter.Hub.Kernel.Tables;

namespace DispatchCenter.Hub.Street;

/// <summary>What came of reading a street's files. The lines refused are listed in the order of the files, then of their lines.</summary>
public abstract record StreetImport
{
    private StreetImport(ImmutableArray<RefusedLine> refusedLines) => RefusedLines = refusedLines;

    /// <summary>At most as many as the limits of <see cref="StreetFiles"/> allow lines.</summary>
    public ImmutableArray<RefusedLine> RefusedLines { get; }

    /// <summary>How many lines went into the map: none where the import was refused as a whole.</summary>
    public abstract int TakenLines { get; }

    /// <summary>The map is usable. It may still leave places uncovered, as the warnings say.</summary>
    public sealed record Taken : StreetImport
    {
        internal Taken(StreetMap map, ImmutableArray<RefusedLine> refusedLines, ImmutableArray<Words> warnings)
            : base(refusedLines) => (Map, Warnings) = (map, warnings);

        public StreetMap Map { get; }

        public ImmutableArray<Words> Warnings { get; }

        public override int TakenLines => 1 + Map.Communities.Length + Map.Grids.Length + Map.Teams.Length + Map.Stations.Length;
    }

    /// <summary>Nothing is taken, for the reasons given.</summary>
    public sealed record Refused : StreetImport
    {
        internal Refused(ImmutableArray<Words> reasons, ImmutableArray<RefusedLine> refusedLines)
            : base(refusedLines) => Reasons = reasons;

        /// <summary>At least one.</summary>
        public ImmutableArray<Words> Reasons { get; }

        public override int TakenLines => 0;
    }
}
