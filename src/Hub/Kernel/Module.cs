using DispatchCenter.Hub.Kernel.Rights;
using DispatchCenter.Hub.Kernel.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace DispatchCenter.Hub.Kernel;

/// <summary>
/// A self-registering part of the program. Set-up, database, book watch, cleaner and scheduler walk the list of modules;
/// a new module does not touch them. Its sentences go into a table ending in Sentences.csv in its folder, its schema
/// changes into Migrations/0001-name.sql and on. Modules are created once, before anything else, and keep no state.
/// </summary>
public abstract class Module
{
    /// <summary>The name, which is also the name of its folder.</summary>
    public abstract string Name { get; }

    public virtual IEnumerable<Right> Rights => [];

    /// <summary>Its in-memory caches, reloaded when the database says so, in load order.</summary>
    public virtual IEnumerable<Book> Books => [];

    /// <summary>Its retention rules.</summary>
    public virtual IEnumerable<Forgets> Forgets => [];

    /// <summary>
    /// Its tables, or single columns as <c>table.column</c>, that the audit chain leaves out: only what comes and goes by itself. Whatever else it maps is protected.
    /// </summary>
    public virtual IEnumerable<string> Unchained => [];

    public virtual void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Background jobs that run on every node. Not started in tests that advance the clock themselves.</summary>
    public virtual void AddTicking(IServiceCollection services)
    {
    }

    /// <summary>Jobs that run once for all nodes, by wall-clock time in Asia/Shanghai.</summary>
    public virtual void AddCrons(IQuartzBuilder quartz)
    {
    }

    /// <summary>Its tables. Columns without an explicit name use the property name in snake case.</summary>
    public virtual void MapTables(ModelBuilder model)
    {
    }

    /// <summary>The last step before anything is served, after its caches are loaded.</summary>
    public virtual Task OpenAsync(IServiceProvider services, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>Checks on the list of modules as a whole.</summary>
public static class ModuleList
{
    /// <summary>Checks that modules, rights, books, tables and migration numbers are unique. Sentences and words are checked when they are read.</summary>
    /// <exception cref="InvalidOperationException">The start must not go on; the message names the duplicate and its owners.</exception>
    public static void Check(IReadOnlyList<Module> modules)
    {
        Once("module", modules.Select(m => (m.Name, m.Name)));
        Once("right", modules.SelectMany(m => m.Rights.Select(r => (r.Name, m.Name))).Concat(Right.In(typeof(KernelRights)).Select(r => (r.Name, "Kernel"))));
        Once("book", modules.SelectMany(m => m.Books.Select(b => (b.Name, m.Name))));
        Once("table", modules.SelectMany(m => TablesOf(m).Select(table => (table, m.Name))));
        foreach (var module in modules) Migrations.Of(module);
    }

    private static IEnumerable<string> TablesOf(Module module)
    {
        var model = new ModelBuilder();
        module.MapTables(model);
        return model.Model.GetEntityTypes().Select(entity => entity.GetTableName()!);
    }

    /// <summary>Checks that names are unique.</summary>
    /// <exception cref="InvalidOperationException">They are not; the message names the duplicate and its owners.</exception>
    public static void Once(string what, IEnumerable<(string Name, string By)> named)
    {
        if (named.GroupBy(n => n.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InvalidOperationException($"The {what} {twice.Key} is registered twice: by {string.Join(" and ", twice.Select(n => n.By))}.");
    }
}

/// <summary>An in-memory cache whose changes the database counts.</summary>
/// <param name="Name">Its row in the table of books.</param>
/// <param name="LoadAsync">Loads it.</param>
/// <param name="With">Other books whose changes reload it, too.</param>
public sealed record Book(string Name, Func<IServiceProvider, CancellationToken, Task> LoadAsync, params string[] With);

/// <summary>Deletes a batch of expired rows and returns their number: a full batch means that there may be more.</summary>
/// <param name="Bite">Rows per batch.</param>
/// <param name="ForgetAsync">Deletes up to one batch of rows that had expired at an instant.</param>
public sealed record Forgets(int Bite, Func<IServiceProvider, DateTimeOffset, CancellationToken, Task<int>> ForgetAsync);
