"""What every work of the benchmark needs: services, topics, processes under the clock, the table."""
